import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { hashKeyOf } from '../../../../src/kinesis/hash-key.ts';
import { offsetOf, parseSequenceNumber } from '../../../../src/kinesis/sequence-number.ts';
import { findShard, openShards } from '../../../../src/kinesis/stream.ts';
import {
  dataOf,
  type Event,
  type EventRecord,
  FunctionFailure,
  type MappingWorld,
  Refusal,
} from './mapping-world.ts';

/** How a function takes a record: well, after so many calls with it, or never; or it is refused so often. */
export type Nature =
  | { readonly kind: 'good' | 'poison' }
  | { readonly kind: 'flaky' | 'refused'; readonly times: number };

type Put = { readonly id: string; readonly key: string; readonly nature: Nature };

/**
 * What must be true of a mapping, whatever happens to what runs it: checked with every call, and at the end.
 */
export class MappingModel {
  readonly #world: MappingWorld;
  /** What was not true first. */
  broken: Error | undefined;
  readonly #puts: Put[] = [];
  readonly #left = new Map<string, number>();
  /** In order. */
  readonly #firstSeen = new Map<string, string[]>();
  readonly #done = new Set<string>();
  readonly #underWay = new Set<string>();
  /** What the last calls of windows had as their state, each once. */
  readonly #finals = new Map<string, readonly string[]>();

  constructor(world: MappingWorld) {
    this.#world = world;
    world.script = (event) => {
      try {
        return this.#called(event);
      } catch (error) {
        if (error instanceof assert.AssertionError) this.broken ??= error;
        throw error;
      }
    };
    world.answered = (event) => {
      for (const key of keysOf(event)) this.#underWay.delete(key);
    };
  }

  async put(key: string, nature: Nature): Promise<void> {
    const { stream } = this.#world;
    const hash = hashKeyOf(key);
    const shard = openShards(stream).find(({ range }) => range.first <= hash && hash <= range.last);
    const id = `r${this.#puts.length}`;
    this.#puts.push({ id, key, nature });
    if ('times' in nature) this.#left.set(id, nature.times);
    await this.#world.put(shard!.index, `${key}=${id}`);
  }

  /** Calls that were under way are over for whoever comes after. */
  crashed(): void {
    this.#underWay.clear();
  }

  get isAllPassed(): boolean {
    const { stream } = this.#world;
    return stream.shards.every((shard) => {
      const cursor = this.#world.cursor(shard.index);
      if (shard.closed !== undefined) return cursor?.isFinished === true;
      const put = this.#putTo.get(shard.index) ?? 0;
      if (put === 0) return true;
      return (
        cursor !== undefined && cursor.windows === undefined && cursor.marks.every((mark) => mark >= put)
      );
    });
  }

  /** By shard, where it ended when all was put. */
  #putTo = new Map<number, number>();

  async ended(): Promise<void> {
    const { stream, log } = this.#world;
    for (const { index } of stream.shards)
      this.#putTo.set(index, (await log.position({ stream: stream.id, shard: index })).end);
  }

  check(): void {
    if (this.broken !== undefined) throw this.broken;
  }

  checkEnd({ isBisected, hasWindows }: { isBisected: boolean; hasWindows: boolean }): void {
    const kept = new Set(this.#world.kept.map(({ data }) => String(data)));
    const given = this.#world.failures.reduce((sum, { records }) => sum + records, 0);
    for (const { id, nature } of this.#puts) {
      assert.ok(this.#done.has(id) || kept.has(id), `${id} was neither done nor kept`);
      if (isBisected && nature.kind === 'good') assert.ok(this.#done.has(id), `${id} was given up in vain`);
      if (nature.kind === 'poison') assert.ok(!this.#done.has(id));
    }
    const undone = this.#puts.filter(({ id }) => !this.#done.has(id)).length;
    assert.ok(given >= undone, 'what was given up is listed');
    if (hasWindows) this.#checkWindows(kept);
  }

  /** Each record that was done counts once in the last state of a window. */
  #checkWindows(kept: ReadonlySet<string>): void {
    const counted = new Map<string, number>();
    for (const ids of this.#finals.values())
      for (const id of ids) counted.set(id, (counted.get(id) ?? 0) + 1);
    for (const { id } of this.#puts) {
      const count = counted.get(id) ?? 0;
      assert.ok(count === 1 || (count === 0 && kept.has(id)), `${id} counts ${count} times`);
    }
  }

  #called(event: Event): unknown {
    if (event.isFinalInvokeForWindow === true) {
      const ids = Object.keys(event.state ?? {});
      this.#finals.set(JSON.stringify([event.window, ids]), ids);
      return { state: {} };
    }
    const refused = event.Records.find((record) => this.#spend(record, 'refused'));
    if (refused !== undefined) throw new Refusal('TooManyRequestsException', 'Rate Exceeded.');
    this.#checkCall(event);
    const isFailing = (record: EventRecord) =>
      this.#natureOf(record).kind === 'poison' || this.#spend(record, 'flaky');
    const first = event.Records.findIndex(isFailing);
    if (first >= 0 && !this.#world.mapping.reportsItemFailures) throw new FunctionFailure('no');
    const done = (first < 0 ? event.Records : event.Records.slice(0, first)).map(dataOf);
    for (const id of done) this.#done.add(id);
    const failed = first < 0 ? [] : [{ itemIdentifier: event.Records[first]!.kinesis.sequenceNumber }];
    const state = { ...event.state, ...Object.fromEntries(done.map((id) => [id, 1])) };
    return { state, batchItemFailures: failed };
  }

  #checkCall(event: Event): void {
    const { stream, mapping } = this.#world;
    assert.ok(event.Records.length <= mapping.batchSize);
    const keys = keysOf(event);
    for (const key of keys) assert.ok(!this.#underWay.has(key), 'a key is in one call at a time');
    for (const key of keys) this.#underWay.add(key);
    let before = -1;
    for (const record of event.Records) {
      const { shard, offset } = placeOf(record);
      assert.ok(offset > before, 'records are in order');
      before = offset;
      const { marks = [0] } = this.#world.cursor(shard) ?? {};
      assert.ok(offset >= marks[laneIn(record, marks.length)]!, 'what is behind a mark is not run again');
      for (const parent of findShard(stream, shard)!.parents)
        assert.equal(this.#world.cursor(parent)?.isFinished, true, 'a child comes after its parents');
      this.#see(record);
    }
    if (event.window !== undefined) {
      const [start, end] = [event.window.start, event.window.end].map((time) => Date.parse(time) / 1000);
      for (const { kinesis } of event.Records)
        assert.ok(
          start! <= kinesis.approximateArrivalTimestamp && kinesis.approximateArrivalTimestamp < end!,
        );
    }
  }

  /** Records of a key are seen first in the order in which they were put. */
  #see(record: EventRecord): void {
    const key = record.kinesis.partitionKey;
    const id = dataOf(record);
    const seen = this.#firstSeen.get(key) ?? [];
    if (seen.includes(id)) return;
    seen.push(id);
    this.#firstSeen.set(key, seen);
    const put = this.#puts.filter((each) => each.key === key).slice(0, seen.length);
    assert.deepEqual(
      seen,
      put.map((each) => each.id),
    );
  }

  #natureOf(record: EventRecord): Nature {
    return this.#puts.find(({ id }) => id === dataOf(record))!.nature;
  }

  #spend(record: EventRecord, kind: Nature['kind']): boolean {
    const id = dataOf(record);
    const left = this.#natureOf(record).kind === kind ? (this.#left.get(id) ?? 0) : 0;
    if (left > 0) this.#left.set(id, left - 1);
    return left > 0;
  }
}

function keysOf({ Records }: Event): ReadonlySet<string> {
  return new Set(Records.map(({ kinesis }) => kinesis.partitionKey));
}

/** By the last word of the key's MD5. */
function laneIn({ kinesis }: EventRecord, lanes: number): number {
  return createHash('md5').update(kinesis.partitionKey).digest().readUInt32BE(12) % lanes;
}

function placeOf({ kinesis }: EventRecord): { shard: number; offset: number } {
  const parsed = parseSequenceNumber(kinesis.sequenceNumber)!;
  return { shard: parsed.shardIndex, offset: offsetOf(parsed) };
}
