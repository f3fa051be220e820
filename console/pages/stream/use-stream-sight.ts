import { useRef } from 'preact/hooks';
import type { GetStreamSightAnswer } from '../../../src/services/millrace/sights.ts';
import { type Asked, useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { CountsHistory, noRates, type Rates } from '../streams/rates.ts';
import { type Genealogy, genealogyOf } from './shards/genealogy.ts';

/** A stream as it is now, and how it was lately. */
export type SeenStream = {
  readonly sight: GetStreamSightAnswer;
  readonly family: Genealogy;
  readonly history: CountsHistory;
  /** By place in the sight's shards; all 0 before two readings are there. */
  readonly shardRates: readonly Rates[];
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
  #family: { readonly of: string; readonly family: Genealogy } | undefined;
  last: SeenStream | undefined;

  get shardCount(): number {
    return this.#shards.size;
  }

  add(sight: GetStreamSightAnswer): SeenStream {
    this.#stream.add(sight.At, sight.Stream.Counts);
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

/** Ten minutes of seconds, for the charts. */
const streamReadingsMax = 600;
/** What rates are over. */
const shardReadingsMax = 11;
