import { cpSync, writeFileSync } from 'node:fs';
import type { SeededRandom } from '../harness/random.ts';
import { DamagedError } from '../src/log/log.ts';
import type { Fault } from './fault.ts';
import { leaveRemains, type Remains, readSegment, recoverTexts } from './offline-log.ts';

/**
 * Damages what was acknowledged, in its middle. It must be found out or do no harm, and never be cut away.
 */
export const damage: Fault = {
  name: 'damage',
  title: 'bits, sectors and moved bytes in what is durable',
  roundsUsual: 150,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    for (;;) {
      using directory = workshop.directory();
      using scratch = workshop.directory();
      const count = random.between(8, 20);
      const remains = await leaveRemains(random, { directory: directory.path, scratch: scratch.path, count });
      for (let times = 0; times < 25; times++) {
        using damaged = workshop.directory();
        cpSync(remains.directory, damaged.path, { recursive: true });
        const acknowledged = times === 0 ? count * remains.texts.length : 0;
        yield { acknowledged, violations: await examine(remains, damaged.path, random) };
      }
    }
  },
};

async function examine(remains: Remains, directory: string, random: SeededRandom): Promise<string[]> {
  const segment = random.pick(remains.segments);
  const bytes = readSegment(directory, segment);
  const position = random.below(durableEnd(remains, segment));
  const kind = random.pick(Object.keys(kinds) as (keyof typeof kinds)[]);
  const harmed = kinds[kind](bytes, position, random);
  writeFileSync(`${directory}/${segment}`, harmed);
  const where = `${kind} at byte ${position} of ${segment}`;
  try {
    const found = await recoverTexts(directory);
    return JSON.stringify(found) === JSON.stringify(remains.texts) ? [] : [`lost: ${where} went unnoticed`];
  } catch (error) {
    if (!(error instanceof DamagedError)) return [`no word: ${where}: ${String(error)}`];
    const isKept = readSegment(directory, segment).equals(harmed);
    return isKept ? [] : [`cut: ${where} was found, and the file was changed`];
  }
}

/** All before it was durable before the last round began, and a later frame says so. */
function durableEnd({ rounds, segments, directory }: Remains, segment: string): number {
  if (segment !== segments.at(-1)) return readSegment(directory, segment).length;
  const sizes = rounds.filter((round) => round.segment === segment).map(({ size }) => size);
  return sizes.at(-2) ?? headBytes;
}

/** A segment's header and the checkpoint's, which are durable before there is a round. */
const headBytes = 128 + 96;

type Harm = (bytes: Buffer, position: number, random: SeededRandom) => Buffer;

const kinds: Readonly<
  Record<'a flipped bit' | 'zeros' | 'noise' | 'bytes from elsewhere' | 'missing bytes', Harm>
> = {
  'a flipped bit': (bytes, position, random) => {
    const harmed = Buffer.from(bytes);
    harmed[position]! ^= 1 << random.below(8);
    return harmed;
  },
  zeros: (bytes, position, random) =>
    Buffer.from(bytes).fill(0, position, Math.min(bytes.length, position + random.between(1, 512))),
  noise: (bytes, position, random) => {
    const harmed = Buffer.from(bytes);
    random.bytes(random.between(1, 512)).copy(harmed, position);
    return harmed;
  },
  'bytes from elsewhere': (bytes, position, random) => {
    const harmed = Buffer.from(bytes);
    const from = random.below(bytes.length);
    bytes.copy(harmed, position, from, from + random.between(1, 512));
    return harmed;
  },
  'missing bytes': (bytes, position, random) =>
    Buffer.concat([bytes.subarray(0, position), bytes.subarray(position + random.between(1, 200))]),
};
