import { cpSync, truncateSync } from 'node:fs';
import type { Fault } from './fault.ts';
import { appendMore, leaveRemains, type Remains, readSegment, recoverTexts } from './offline-log.ts';

/**
 * Cuts the last segment at one byte after the other. What was whole before the cut must be there, and nothing
 * else.
 */
export const tornTail: Fault = {
  name: 'torn-tail',
  title: 'the last segment ends at any byte',
  roundsUsual: 150,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    for (;;) {
      using directory = workshop.directory();
      using scratch = workshop.directory();
      const count = random.between(8, 20);
      const remains = await leaveRemains(random, { directory: directory.path, scratch: scratch.path, count });
      const last = remains.segments.at(-1)!;
      const { length } = readSegment(remains.directory, last);
      const first = Math.min(
        ...remains.rounds.filter(({ segment }) => segment === last).map(({ size }) => size),
      );
      // A segment has its name only once its beginning is whole, and its first round tells where that ends at
      // most.
      for (let size = first; size < length; size += random.between(1, 40)) {
        using torn = workshop.directory();
        cpSync(remains.directory, torn.path, { recursive: true });
        truncateSync(`${torn.path}/${last}`, size);
        const acknowledged = size === first ? count * remains.texts.length : 0;
        yield { acknowledged, violations: await examine(remains, torn.path, last, size) };
      }
    }
  },
};

async function examine(remains: Remains, torn: string, last: string, size: number): Promise<string[]> {
  const where = `after a cut at byte ${size}`;
  const whole = remains.rounds.filter((round) => round.segment !== last || round.size <= size).length;
  const violations: string[] = [];
  try {
    const found = await recoverTexts(torn);
    for (const [shard, texts] of found.entries()) {
      const sent = remains.texts[shard]!;
      if (texts.length < whole)
        violations.push(`lost: shard ${shard} has ${texts.length} of ${whole} ${where}`);
      if (texts.some((text, index) => text !== sent[index]))
        violations.push(`altered: shard ${shard} ${where}`);
    }
    await appendMore(torn, 'more');
    const again = await recoverTexts(torn);
    const expected = found.map((texts) => [...texts, 'more']);
    if (JSON.stringify(again) !== JSON.stringify(expected)) violations.push(`not repeatable: ${where}`);
  } catch (error) {
    violations.push(`no start: ${where}: ${String(error)}`);
  }
  return violations;
}
