import type { Restored, RestoredStream } from './restore.ts';
import type { RestoreRequest } from './restore-command.ts';

/** What a restored directory holds, for people. */
export function restoreText(request: RestoreRequest, restored: Restored): string {
  const { archive, data, inArchive } = request;
  const { generation, streams, leftOut } = restored;
  const again = inArchive ? ` --archive ${archive}` : '';
  const lines = [
    `Restored to ${data}. It holds the control plane and what services keep as of ${timeText(generation.at)}, and of streams:`,
    ...(streams.length === 0 ? ['  none'] : streams.map((stream) => streamLine(stream, inArchive))),
    ...(leftOut.length === 0 ? [] : ['Left out, because it leads to no newest segment or cannot be read:']),
    ...leftOut.map((name) => `  ${name}`),
    'What came after that is not in it. Shards that were open are closed, and new ones take their place.',
    `It takes the root key of the old directory, as ${data}/root-key or by --root-key: millrace serve --data ${data}${again}`,
  ];
  return `${lines.join('\n')}\n`;
}

function streamLine({ stream, segments }: RestoredStream, inArchive: boolean): string {
  const newest = segments.at(-1);
  if (newest === undefined) return `  ${stream.name}: no records`;
  let lastArrival = Number.NEGATIVE_INFINITY;
  for (const state of newest.states.values()) lastArrival = Math.max(lastArrival, state.lastArrival);
  const until = Number.isFinite(lastArrival) ? `records up to ${timeText(lastArrival)}` : 'no records';
  const place = inArchive ? `, ${(segments.length - 1).toLocaleString('en')} of them in the archive` : '';
  return `  ${stream.name}: ${until}, in ${segments.length.toLocaleString('en')} segments${place}`;
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}
