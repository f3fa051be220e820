import type { Seen } from './numbered-stream.ts';

/**
 * Lines of several consumers, each with a shard, a number and the time in nanoseconds, in the order in which
 * they were printed: how the test came to read them says little.
 */
export function consumed(lines: readonly string[]): Seen[] {
  return lines
    .map((line) => {
      const [shard, number, time] = line.split(' ');
      return { shard: shard!, number: Number(number), time: BigInt(time!) };
    })
    .sort((one, two) => (one.time < two.time ? -1 : 1));
}

/** How many different records they are. */
export function distinct(lines: readonly string[]): number {
  return new Set(lines.map((line) => line.split(' ')[1])).size;
}
