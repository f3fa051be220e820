import { offsetOf, parseSequenceNumber } from '../../src/kinesis/sequence-number.ts';
import type { LedgerLine } from './ledger.ts';
import type { Put } from './producer.ts';
import type { TorturedMapping } from './tortured-mapping.ts';

/** What the server said of one mapping's shard, and where the ledger ended when it had said so. */
export type Sighting = {
  readonly name: string;
  readonly shard: string;
  /** So many of the shard's first records are done, which is durable. */
  readonly done: number;
  readonly ledgerEnd: number;
};

/** A record that was given up, as the server lists it. */
export type GivenUp = { readonly id: string; readonly data: string };

type Placed = { readonly at: number; readonly line: LedgerLine };

/** Batches that ran again although they were checkpointed when the server was asked last. */
export function* repeated(lines: readonly Placed[], sightings: readonly Sighting[]): Generator<string> {
  const reached = new Map<string, number>();
  let next = 0;
  for (const { at, line } of lines) {
    for (; sightings[next] !== undefined && sightings[next]!.ledgerEnd <= at; next++) {
      const { name, shard, done } = sightings[next]!;
      reached.set(`${name} ${shard}`, Math.max(done, reached.get(`${name} ${shard}`) ?? 0));
    }
    if (line.kind !== 'in') continue;
    for (const [id, , place] of line.seen) {
      const [shard, number] = place.split(':') as [string, string];
      const offset = offsetOf(parseSequenceNumber(number)!);
      if (offset < (reached.get(`${line.name} ${shard}`) ?? 0))
        yield `repeated: ${line.name} got ${id} of ${shard} again, which was checkpointed`;
    }
  }
}

/** The ids that a function has done, by its own word. */
export function doneBy(name: string, lines: readonly Placed[]): Set<string> {
  const entered = new Map<string, readonly string[]>();
  const done = new Set<string>();
  for (const { line } of lines) {
    if (line.name !== name) continue;
    if (line.kind === 'in')
      entered.set(
        line.call,
        line.seen.map(([id]) => id),
      );
    else for (const id of (entered.get(line.call) ?? []).slice(0, line.done)) done.add(id);
  }
  return done;
}

/** What a mapping left out, and what it says of what it gave up. */
export function* missed(
  { name, manner }: TorturedMapping,
  puts: ReadonlyMap<string, Put>,
  done: ReadonlySet<string>,
  givenUp: readonly GivenUp[],
): Generator<string> {
  const listed = new Set(givenUp.map(({ id }) => id));
  for (const { id, data } of puts.values()) {
    if (!done.has(id) && !listed.has(id)) yield `skipped: ${name} neither did ${id} nor gave it up`;
    if (manner === 'poison' && data.includes('poison') && !listed.has(id))
      yield `lost failure: ${name} does not list ${id}, which always fails`;
  }
  for (const { id, data } of givenUp)
    if (puts.has(id) && puts.get(id)!.data !== data) yield `altered: ${name} lists ${id} as what was not put`;
}

/** Each record of a key comes in its order, the first time that it comes. */
export function* overtaken(name: string, lines: readonly Placed[]): Generator<string> {
  const latest = new Map<string, bigint>();
  const seen = new Set<string>();
  for (const { line } of lines) {
    if (line.name !== name || line.kind !== 'in') continue;
    for (const [id, key, place] of line.seen) {
      if (seen.has(id)) continue;
      seen.add(id);
      const [shard, text] = place.split(':') as [string, string];
      const number = BigInt(text);
      if (number < (latest.get(`${key} ${shard}`) ?? -1n))
        yield `overtaken: ${name} got ${id} behind a later record of ${key}`;
      latest.set(`${key} ${shard}`, number);
    }
  }
}

/** Over all windows, each record is in the sum of one of them once, whatever was killed meanwhile. */
export function* miscounted(
  name: string,
  lines: readonly Placed[],
  puts: ReadonlyMap<string, Put>,
): Generator<string> {
  const sums = new Map<string, number>();
  for (const state of finalStates(name, lines).values())
    for (const id of state) sums.set(id, (sums.get(id) ?? 0) + 1);
  for (const id of puts.keys()) {
    const times = sums.get(id) ?? 0;
    if (times !== 1) yield `miscounted: ${id} is in ${times} sums of ${name}`;
  }
}

/** A final call that was answered may come again, with the same state: by what is in that, it counts once. */
function finalStates(name: string, lines: readonly Placed[]): Map<string, readonly string[]> {
  const finals = new Map<string, readonly string[]>();
  for (const { line } of lines)
    if (line.name === name && line.kind === 'out' && line.final === true && line.state !== undefined)
      finals.set(line.state.join(), line.state);
  return finals;
}
