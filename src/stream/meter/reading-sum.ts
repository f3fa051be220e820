import type { Millis } from '../../env/clock.ts';
import { CallCounts } from './call-counts.ts';
import type { Counts, ProducerCounts, ReaderCounts, Reading, ShardCounts, SlowCall } from './counts.ts';
import { addProducer, addReader, type Changeable, newProducer, nothingRead, placeOf } from './done.ts';
import { LimitsHit } from './limits-hit.ts';
import type { MeterPage } from './meter-page.ts';
import { column } from './shard-rows.ts';
import { slowest } from './slow-calls.ts';

/** What several meters have counted, page by page. */
export class ReadingSum {
  readonly #now: Millis;
  #since: Millis;
  readonly #shards = new Map<string, Map<number, Changeable<ShardCounts>>>();
  readonly #shardList: ShardCounts[] = [];
  readonly #readers = new Map<string, Changeable<ReaderCounts>>();
  readonly #producers = new Map<string, Changeable<ProducerCounts>>();
  readonly #calls = new CallCounts();
  readonly #slowCalls: SlowCall[] = [];
  readonly #limitsHit = new LimitsHit();

  constructor(now: Millis) {
    this.#now = now;
    this.#since = now;
  }

  add(page: MeterPage): void {
    this.#since = Math.min(this.#since, page.since);
    for (const counts of page.shards ?? []) this.#addShard(counts);
    for (const reader of page.readers ?? []) {
      addReader(
        made(this.#readers, `${reader.name}/${placeOf(reader)}`, () => nothingRead(reader)),
        reader,
      );
    }
    for (const producer of page.producers ?? []) {
      const key = `${producer.name}/${producer.stream}`;
      addProducer(
        made(this.#producers, key, () => newProducer(producer.name, producer.stream)),
        producer,
      );
    }
    for (const counts of page.operations ?? []) this.#calls.include(counts);
    this.#slowCalls.push(...(page.slowCalls ?? []));
    for (const { limit, resource, count, lastAt } of page.limitsHit ?? []) {
      this.#limitsHit.add(limit, resource, count, lastAt);
    }
  }

  get reading(): Reading {
    return {
      since: this.#since,
      shards: this.#shardList,
      operations: this.#calls.read(),
      readers: [...this.#readers.values()],
      producers: [...this.#producers.values()],
      slowCalls: slowest(this.#slowCalls, this.#now),
      limitsHit: this.#limitsHit.read(),
    };
  }

  #addShard(counts: ShardCounts): void {
    const shards = made(this.#shards, counts.stream, () => new Map<number, Changeable<ShardCounts>>());
    const known = shards.get(counts.shard);
    if (known === undefined) {
      const own = { ...counts };
      shards.set(counts.shard, own);
      this.#shardList.push(own);
      return;
    }
    for (const name of columns) known[name] += counts[name];
  }
}

const columns = Object.keys(column) as (keyof Counts)[];

function made<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
