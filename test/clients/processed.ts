import assert from 'node:assert/strict';
import type { Heard, HeardRecord } from './heard.ts';
import type { Produced } from './known-records.ts';

/** What came of a stream's records at its consumers. */
export type Processed = {
  readonly records: number;
  /** How many were processed again: of those that were put once, or whose put was sent once. */
  readonly again: number;
  readonly shards: number;
};

export type Expected = {
  readonly produced: Produced;
  /** Of every shard of the stream; without it, the order of shards is not looked at. */
  readonly parents?: ReadonlyMap<string, readonly string[]>;
  /** Whether some may come again: a worker died, or gave a shard up, after its last checkpoint. */
  readonly mayComeAgain: boolean;
};

/**
 * Demands of what each consumer said (one list per process): every record is processed, and nothing else;
 * those of a key in their order; none again, unless they may; a shard's in its order; and no shard is begun
 * before its parents are at their end.
 */
export function processed(heardBy: readonly (readonly Heard[])[], expected: Expected): Processed {
  const { produced, parents, mayComeAgain } = expected;
  for (const heard of heardBy) inShardOrder(heard);
  // In one millisecond, what ends comes before what begins.
  const rank = ({ what }: Heard) => (what === 'end' ? 0 : 1);
  const all = heardBy.flat().sort((one, other) => one.at - other.at || rank(one) - rank(other));
  const records = all.filter((each) => each.what === 'record');
  const first = firstOf(records);
  complete(first, produced);
  inKeyOrder(first);
  const again = records.length - first.size;
  if (!mayComeAgain && !produced.resent) assert.equal(again, 0, 'records were processed again');
  if (parents !== undefined) parentsFirst(all, parents);
  return { records: first.size, again, shards: new Set(records.map(({ shard }) => shard)).size };
}

/** For a table: `18,000 of 18,000 records, in 7 shards, 12 of them twice`. */
export function processedText({ records, again, shards }: Processed, produced: Produced): string {
  const of = `${grouped(records)} of ${grouped(produced.records.length)} records`;
  return `${of}, ${shards} shards, ${again === 0 ? 'none twice' : `${grouped(again)} again`}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** Between two beginnings of a shard, a process hears its records once and in their order. */
function inShardOrder(heard: readonly Heard[]): void {
  const last = new Map<string, bigint>();
  for (const each of heard) {
    if (each.what !== 'record') last.delete(each.shard);
    else if (each.shard !== undefined && each.sequenceNumber !== undefined) {
      const before = last.get(each.shard) ?? -1n;
      const isNext = each.sequenceNumber >= before;
      assert.ok(isNext, `${each.key} ${each.number} came out of the order of ${each.shard}`);
      last.set(each.shard, each.sequenceNumber);
    }
  }
}

/** Where each record was processed for the first time, in the order of time. */
function firstOf(records: readonly HeardRecord[]): Map<string, HeardRecord> {
  const first = new Map<string, HeardRecord>();
  for (const record of records) {
    const name = nameOf(record);
    if (!first.has(name)) first.set(name, record);
  }
  return first;
}

function complete(first: ReadonlyMap<string, HeardRecord>, { records }: Produced): void {
  const names = new Set(records.map(nameOf));
  const missing = [...names].filter((name) => !first.has(name));
  const strange = [...first.keys()].filter((name) => !names.has(name));
  assert.deepEqual(missing.slice(0, 10), [], `${missing.length} of ${names.size} records are missing`);
  assert.deepEqual(strange.slice(0, 10), [], 'records that nobody has put');
}

function inKeyOrder(first: ReadonlyMap<string, HeardRecord>): void {
  const next = new Map<string, number>();
  for (const { key, number } of first.values()) {
    assert.equal(number, next.get(key) ?? 0, `the records of ${key} are not in their order`);
    next.set(key, number + 1);
  }
}

function parentsFirst(all: readonly Heard[], parents: ReadonlyMap<string, readonly string[]>): void {
  const ended = new Set<string>();
  for (const each of all) {
    if (each.what === 'end') ended.add(each.shard);
    if (each.what !== 'begin') continue;
    const open = parents.get(each.shard)?.filter((parent) => !ended.has(parent));
    assert.deepEqual(open, [], `${each.shard} was begun before its parents were at their end`);
  }
}

function nameOf({ key, number }: { readonly key: string; readonly number: number }): string {
  return `${key} ${number}`;
}
