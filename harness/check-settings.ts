import type { StreamModel } from './model.ts';

/** A setting reads as the last value that was confirmed, or as one whose fate is unknown. */
export function* checkSettings(stream: StreamModel): Generator<string> {
  for (const { name, writes, reads } of stream.settings.values()) {
    for (const { value, sent } of reads) {
      const before = writes.filter((write) => write.sent < sent && write.outcome !== 'refused');
      const confirmed = before.findLast((write) => write.outcome === 'done');
      const possible = before.filter((write) => write === confirmed || write.outcome === 'unknown');
      if (!possible.some((write) => write.value === value)) {
        yield `setting: ${name} of ${stream.name} reads '${value}', not ${possible.map((write) => `'${write.value}'`).join(' or ')}`;
      }
    }
  }
}
