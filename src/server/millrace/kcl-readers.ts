import { Bounded } from '../../env/bounded.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { formatShardId } from '../../kinesis/shard-id.ts';
import { findShard, type Stream } from '../../kinesis/stream.ts';
import type { LeaseTable } from '../../services/millrace/parts/lease-table.ts';
import { type SeenReader, type SeenShard, worstLag } from '../../services/millrace/parts/seen-reader.ts';
import { placeOf, type ReadLease, type StreamLeases, streamsOfApplication } from './application-streams.ts';
import type { LagBudget, ShardLags } from './shard-lags.ts';

/** A reader with its stream; undefined where that is not known. */
export type FoundReader = { readonly stream: string | undefined; readonly reader: SeenReader };

/** Makes readers of what lease tables say. */
export class KclReaders {
  readonly #clock: Clock;
  readonly #lags: ShardLags;
  /** By table, what its counters came to when they had moved last. */
  readonly #moves = new Bounded<string, { readonly sum: number; readonly at: Millis }>(tablesMax);

  constructor(clock: Clock, lags: ShardLags) {
    this.#clock = clock;
    this.#lags = lags;
  }

  /** `streams` are those of the account and region, by name. */
  async of(tables: readonly LeaseTable[], streams: ReadonlyMap<string, Stream>): Promise<FoundReader[]> {
    const budget = this.#lags.budget();
    const found: FoundReader[] = [];
    for (const table of tables) {
      const isMoving = this.#isMoving(table);
      for (const of of streamsOfApplication(table, streams)) {
        const { stream } = of;
        const reader = await this.#reader(table, of, isMoving, budget);
        found.push({ stream: stream?.name, reader });
      }
      await this.#clock.turn();
    }
    return found;
  }

  async #reader(
    { application, isCut }: LeaseTable,
    of: StreamLeases,
    isMoving: boolean,
    budget: LagBudget,
  ): Promise<SeenReader> {
    const shards: SeenShard[] = [];
    for (const lease of of.leases) {
      shards.push(await this.#shard(application, of.stream, lease, budget));
      if (shards.length % leasesPerStep === 0) await this.#clock.turn();
    }
    shards.sort((one, other) => (one.shardId < other.shardId ? -1 : 1));
    const isOwned = of.leases.some(({ owner }) => owner !== undefined);
    const cut = isCut ? `Only ${of.leases.length} of its leases were looked at.` : undefined;
    const reason = of.stream === undefined ? of.reason : cut;
    const state = isOwned && isMoving ? 'running' : 'stopped';
    return { kind: 'kcl', name: application, state, reason, lagMs: worstLag(shards), shards };
  }

  async #shard(
    application: string,
    stream: Stream | undefined,
    lease: ReadLease,
    budget: LagBudget,
  ): Promise<SeenShard> {
    const { shard, owner, checkpoint } = lease;
    const seen = { shardId: formatShardId(shard), owner, checkpoint };
    const next = placeOf(lease);
    // A shard that expired has nothing left, and at the end of one nothing is to come.
    const isThere = stream !== undefined && findShard(stream, shard) !== undefined;
    if (!isThere || next === undefined) return seen;
    if (next === Number.POSITIVE_INFINITY) return { ...seen, lagMs: 0, recordsBehind: 0 };
    const lag = await this.#lags.at(application, stream, shard, next, budget);
    return { ...seen, recordsBehind: lag?.recordsBehind, lagMs: lag?.lagMs ?? this.#atMost(lease) };
  }

  /** The age of the record that was processed last: those after it are younger. */
  #atMost({ number }: ReadLease): Millis | undefined {
    if (number === undefined || number.arrivalSecond === 0) return undefined;
    return Math.max(0, this.#clock.now() - number.arrivalSecond * 1000);
  }

  /** Workers renew their leases every few seconds; where nobody does, nobody works. */
  #isMoving({ tableId, leases }: LeaseTable): boolean {
    const sum = leases.reduce((all, { counter }) => all + counter, 0);
    const known = this.#moves.get(tableId);
    const now = this.#clock.monotonic();
    if (known === undefined || known.sum !== sum) this.#moves.set(tableId, { sum, at: now });
    return known === undefined || known.sum !== sum || now - known.at < stillMs;
  }
}

const tablesMax = 1_000;

/** About a millisecond. */
const leasesPerStep = 100;

/** Several times KCL's `failoverTimeMillis`, which is 10 s unless it says. */
const stillMs: Millis = 30_000;
