import { StartError } from '../../env/start-error.ts';
import { jsonText } from '../answer-text.ts';
import { type AwsCalls, callsAt } from '../aws-place.ts';
import { type CommandWorld, exitCodeAfter } from '../command-world.ts';
import { bytesText, rateText } from '../quantity-text.ts';
import { allSights, type RatedStream, rated, type Sights } from '../sights.ts';
import { streamColumns, streamRow } from '../streams/stream-row.ts';
import { styled, table } from '../table.ts';
import type { Sorting, TopOptions } from './top-command.ts';

/** Shows streams until somebody ends it; answers the exit code. Rejects as calls do. */
export async function runTop(options: TopOptions, world: CommandWorld): Promise<number> {
  const calls = await callsAt(options, world);
  const first = await sightsOf(calls);
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, world.signal]);
  const view: View = { sort: options.sort, streams: [], seconds: 0 };
  const { out } = world;
  if (out.isTerminal) await out.write(otherScreen);
  const keys = out.isTerminal ? listen(world, view, ending, signal) : Promise.resolve();
  try {
    await look(calls, first, view, options.everyMs, world, signal);
  } finally {
    ending.abort();
    await keys;
    if (out.isTerminal) await out.write(ownScreen);
  }
  return exitCodeAfter(world.signal);
}

/** What is on the screen. */
type View = { sort: Sorting; streams: readonly RatedStream[]; seconds: number };

/** The alternate screen without a cursor, and back (xterm control sequences, "DECSET 1049", "DECTCEM"). */
const otherScreen = '\x1b[?1049h\x1b[?25l';
const ownScreen = '\x1b[?25h\x1b[?1049l';

async function look(
  calls: AwsCalls,
  first: Sights,
  view: View,
  everyMs: number,
  world: CommandWorld,
  signal: AbortSignal,
): Promise<void> {
  let before = first;
  view.streams = before.streams;
  while (!signal.aborted && !world.out.isClosed) {
    if (world.out.isTerminal) await draw(view, world);
    await world.clock.sleep(everyMs, signal);
    if (signal.aborted) return;
    const now = await sightsOf(calls);
    view.streams = rated(before, now);
    view.seconds = now.at - before.at;
    before = now;
    if (!world.out.isTerminal) await world.out.write(`${jsonText({ At: now.at, Streams: sorted(view) })}\n`);
  }
}

async function sightsOf(calls: AwsCalls): Promise<Sights> {
  const sights = await allSights(calls);
  if (sights !== undefined) return sights;
  throw new StartError('what answers is not Millrace, and tells no rates: aws cloudwatch has those of AWS');
}

async function listen(
  world: CommandWorld,
  view: View,
  ending: AbortController,
  signal: AbortSignal,
): Promise<void> {
  for await (const key of world.keys(signal)) {
    if (key === 'q' || key === '\u0003' || key === '\u001b') return ending.abort();
    const sort = sortingOf.get(key);
    if (sort === undefined) continue;
    view.sort = sort;
    await draw(view, world);
  }
}

const sortingOf: ReadonlyMap<string, Sorting> = new Map([
  ['i', 'in'],
  ['o', 'out'],
  ['l', 'lag'],
  ['n', 'name'],
]);

/** From the top left, each line to its end, so that nothing flickers; what is too wide is cut (DECAWM). */
async function draw(view: View, { out }: CommandWorld): Promise<void> {
  const { streams } = view;
  const sum = (of: (stream: RatedStream) => number | undefined) =>
    streams.reduce((total, stream) => total + (of(stream) ?? 0), 0);
  const into = `${rateText(sum(({ In }) => In?.RecordsPerSecond))}/s, ${bytesText(sum(({ In }) => In?.BytesPerSecond))}/s`;
  const outOf = `${rateText(sum(({ Out }) => Out?.RecordsPerSecond))}/s, ${bytesText(sum(({ Out }) => Out?.BytesPerSecond))}/s`;
  const head = `${countOf(streams.length)}   in ${into}   out ${outOf}   by ${view.sort} (i o l n, q ends it)`;
  const room = Math.max(1, out.rows - 4);
  const shown = sorted(view).slice(0, room);
  const body = table(streamColumns, shown.map(streamRow), out);
  const more = streams.length > room ? `… ${streams.length - room} more\n` : '';
  const lines = `${styled(head, 'bold', out)}\n\n${body}${more}`.split('\n');
  await out.write(`\x1b[?7l\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J\x1b[?7h`);
}

const countOf = (streams: number) => (streams === 1 ? '1 stream ' : `${streams} streams`);

function sorted({ sort, streams }: View): RatedStream[] {
  const byName = (one: RatedStream, other: RatedStream) => (one.Name < other.Name ? -1 : 1);
  const amount = (stream: RatedStream): number => {
    if (sort === 'in') return stream.In?.BytesPerSecond ?? 0;
    if (sort === 'out') return stream.Out?.BytesPerSecond ?? 0;
    return sort === 'lag' ? (stream.LagMillis ?? -1) : 0;
  };
  return [...streams].sort((one, other) => amount(other) - amount(one) || byName(one, other));
}
