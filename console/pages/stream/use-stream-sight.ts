import { useRef } from 'preact/hooks';
import type { GetStreamSightAnswer } from '../../../src/services/millrace/sights.ts';
import { type Asked, useAsked } from '../../api/asked.ts';
import { CallError, call } from '../../api/call.ts';
import { CountsHistory, noRates, type Rates } from '../streams/rates.ts';
import { type Genealogy, genealogyOf } from './shards/genealogy.ts';
import { type ShardLimits, type StreamLimitsAnswer, shardLimits } from './stream-limits.ts';

/** A stream as it is now, and how it was lately. */
export type SeenStream = {
  readonly sight: GetStreamSightAnswer;
  readonly family: Genealogy;
  readonly history: CountsHistory;
  /**
   * How far the slowest reader was behind at the times of `history`, in milliseconds; null where nobody read.
   */
  readonly lags: readonly (number | null)[];
  /** By place in the sight's shards; all 0 before two readings are there. */
  readonly shardRates: readonly Rates[];
  /** What each of its shards takes in a second. */
  readonly limits: ShardLimits;
};

/**
 * Reads a stream again and again: every second, and more seldom the more shards it has, so that ten thousand
 * are no burden to anybody.
 */
export function useStreamSight(name: string): Asked<SeenStream> {
  const histories = useRef(new Histories());
  const readAt = useRef(0);
  const asked = useAsked(
    async (signal) => {
      const next = readAt.current + pauseMs(histories.current.shardCount);
      const kept = histories.current.last;
      if (kept !== undefined && performance.now() < next) return kept;
      const sight = await call<GetStreamSightAnswer>(
        'millrace',
        'GetStreamSight',
        { StreamName: name },
        { signal },
      );
      readAt.current = performance.now();
      await histories.current.readLimits(name, signal);
      return histories.current.add(sight);
    },
    [name],
    { everyMs: shortestPauseMs },
  );
  const again = () => {
    readAt.current = Number.NEGATIVE_INFINITY;
    asked.again();
  };
  return { ...asked, again };
}

const shortestPauseMs = 1_000;

function pauseMs(shards: number): number {
  return Math.min(15_000, Math.max(shortestPauseMs, shards * 1.5)) - shortestPauseMs / 2;
}

/** What was read lately of a stream and of its shards. */
class Histories {
  readonly #stream = new CountsHistory(streamReadingsMax);
  #shards = new Map<string, CountsHistory>();
  readonly #lags: (number | null)[] = [];
  #family: { readonly of: string; readonly family: Genealogy } | undefined;
  #limits = shardLimits(undefined);
  #limitsUntil = 0;
  last: SeenStream | undefined;

  get shardCount(): number {
    return this.#shards.size;
  }

  /** Limits change seldom. Who may not know them is shown AWS's. */
  async readLimits(name: string, signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#limitsUntil) return;
    this.#limitsUntil = performance.now() + limitsPauseMs;
    try {
      const named = { StreamName: name };
      const { Effective } = await call<StreamLimitsAnswer>('millrace', 'GetStreamLimits', named, { signal });
      this.#limits = shardLimits(Effective);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
    }
  }

  add(sight: GetStreamSightAnswer): SeenStream {
    this.#stream.add(sight.At, sight.Stream.Counts);
    if (this.last?.sight.At !== sight.At) this.#lags.push(sight.Stream.LagMillis ?? null);
    if (this.#lags.length > streamReadingsMax) this.#lags.shift();
    const next = new Map<string, CountsHistory>();
    for (const { ShardId, Counts } of sight.Shards) {
      const history = this.#shards.get(ShardId) ?? new CountsHistory(shardReadingsMax);
      history.add(sight.At, Counts);
      next.set(ShardId, history);
    }
    this.#shards = next;
    this.last = {
      sight,
      family: this.#familyOf(sight),
      history: this.#stream,
      lags: this.#lags.slice(this.#lags.length - this.#stream.times.length),
      limits: this.#limits,
      shardRates: sight.Shards.map(({ ShardId }) => next.get(ShardId)!.rates ?? noRates),
    };
    return this.last;
  }

  /** The family changes seldom, and is made of many big numbers. */
  #familyOf({ Shards: shards }: GetStreamSightAnswer): Genealogy {
    const of = shards.map(({ ShardId, ClosedAt }) => `${ShardId}${ClosedAt === undefined ? '' : '-'}`).join();
    if (this.#family?.of !== of) this.#family = { of, family: genealogyOf(shards) };
    return this.#family.family;
  }
}

const limitsPauseMs = 30_000;
/** Ten minutes of seconds, for the charts. */
const streamReadingsMax = 600;
/** What rates are over. */
const shardReadingsMax = 11;
