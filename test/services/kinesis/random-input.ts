import assert from 'node:assert/strict';
import type { Shape, StructureShape } from '../../../src/wire/shape.ts';

/** A number from 0 up to 1, the same ones in the same order for the same seed (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a member of a name may be. What earlier answers gave out is added to it. */
export type Candidates = ReadonlyMap<string, readonly unknown[]>;

/** A request that mostly makes sense: optional members come and go, and now and then one is nonsense. */
export function randomInput(shape: StructureShape, candidates: Candidates, random: () => number): object {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
  const randomValue = (name: string, member: Shape): unknown => {
    if (random() < 0.01) return pick(nonsense);
    const known = candidates.get(name);
    if (known !== undefined) return pick(known);
    switch (member.kind) {
      case 'string':
        return pick(member.values ?? ['x']);
      case 'integer':
      case 'long':
        return pick([member.min ?? 1, 1, 2, 5]);
      case 'boolean':
        return random() < 0.5;
      case 'timestamp':
        return pick([1_700_000_000, 1_700_000_000.4, 1_600_000_000, 1_800_000_000]);
      case 'blob':
        return pick(['', 'YQ==', 'YWJj']);
      case 'list':
        return Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomValue('', member.item));
      case 'map':
        return { [pick(tagKeys)]: pick(['', 'v', 'w']) };
      case 'structure':
        return inputOf(member);
      default:
        assert.fail(`Kinesis has no ${member.kind}`);
    }
  };
  const inputOf = (structure: StructureShape): object =>
    Object.fromEntries(
      Object.entries(structure.members)
        .filter(([name, member]) => random() < (member.required ? 0.99 : (likely[name] ?? 0.2)))
        .map(([name, member]) => [name, randomValue(name, member)]),
    );
  return inputOf(shape);
}

/** How often optional members come that are needed in fact. */
const likely: Readonly<Record<string, number>> = {
  StreamName: 0.6,
  StreamARN: 0.5,
  ConsumerARN: 0.6,
  ConsumerName: 0.4,
  PartitionKey: 0.9,
  S3DestinationConfiguration: 0.8,
  S3TablesDestinationConfiguration: 0.02,
  EncryptionConfiguration: 0.02,
};

export const tagKeys = ['k', 'l', 'aws:m', 'n;'];

const nonsense = [
  null,
  5,
  -1,
  1.5,
  '',
  'x'.repeat(300),
  '\u{1f4a9}',
  [],
  [null],
  {},
  { a: 1 },
  true,
  'nobody',
];
