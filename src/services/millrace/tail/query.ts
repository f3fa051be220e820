import { streamKeyOf } from '../../../catalog/state.ts';
import { SourceGoneError, SourceReader } from '../../../delivery/source/source-reader.ts';
import type { SourceSlice } from '../../../delivery/source/source-slice.ts';
import type { Positions } from '../../../delivery/state/delivery-state.ts';
import type { Millis } from '../../../env/clock.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import { keyRefusal, streamNotFound } from '../../../stream/errors.ts';
import type { View } from '../../../views/viewer/viewer.ts';
import { ViewLostError } from '../../../views/viewer/viewer.ts';
import type { ViewGo, ViewWant } from '../../../views/viewer/viewer-messages.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { limitExceeded } from '../errors.ts';
import { recheckMs, type TailWorld } from './tail.ts';
import { troubleOf } from './tail-troubles.ts';
import { eventOf } from './tail-wording.ts';
import { viewFailure } from './view-failure.ts';

export type QuerySubject = {
  readonly stream: Stream;
  /** Records from the first time on, before the second, which is not in the future. */
  readonly from: Millis;
  readonly until: Millis;
  readonly positionsAt: (time: Millis) => Promise<Positions>;
  readonly requireKeys: (keyArns: readonly string[]) => void;
  /** Throws the `ServiceError` when its caller may not read it any more. */
  readonly recheck: () => void;
};

/**
 * The rows of a query as server-sent events, as they are found: columns, rows, how far it is once a second,
 * and an end. It is ended by `ended`, and then says nothing more.
 */
export async function* query(
  world: TailWorld,
  subject: QuerySubject,
  view: View,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const run = new QueryRun(world, subject, view, ended);
  try {
    yield* run.pieces();
  } catch (raised) {
    if (ended.aborted) return;
    const error = errorOf(raised, subject.stream);
    if (!(error instanceof ServiceError)) world.logger.error('a query failed', { error });
    const said = error instanceof ServiceError ? error : new ServiceError('InternalFailure');
    yield Buffer.from(troubleOf(said) + eventOf('end', { reason: 'trouble' }));
  } finally {
    run.close();
  }
}

function errorOf(raised: unknown, stream: Stream): unknown {
  if (raised instanceof SourceGoneError) return streamNotFound(stream);
  if (raised instanceof ViewLostError) return limitExceeded(`The query was ended: ${raised.message}.`);
  return keyRefusal(viewFailure(raised));
}

class QueryRun {
  readonly #world: TailWorld;
  readonly #subject: QuerySubject;
  readonly #view: View;
  readonly #ended: AbortSignal;
  readonly #readers = new Map<number, SourceReader>();
  #failure: { readonly error: unknown } | undefined;
  #records = 0;
  #rows = 0;

  constructor(world: TailWorld, subject: QuerySubject, view: View, ended: AbortSignal) {
    this.#world = world;
    this.#subject = subject;
    this.#view = view;
    this.#ended = ended;
  }

  async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const { clock } = this.#world;
    yield Buffer.from(eventOf('columns', this.#view.columns));
    let go: ViewGo = { slices: [], matchedMax: 0 };
    let saidAt = clock.monotonic();
    for (let checkedAt = saidAt; !this.#ended.aborted; ) {
      if (clock.monotonic() - checkedAt >= recheckMs) {
        checkedAt = clock.monotonic();
        this.#subject.recheck();
      }
      const said = await this.#view.go(go);
      this.#records += said.records;
      this.#rows += said.matched;
      if (said.matched > 0) yield Buffer.concat([said.events, newline]);
      if (said.isOver === true) {
        yield Buffer.from(eventOf('end', { reason: 'done', ...this.#status }));
        return;
      }
      if (clock.monotonic() - saidAt >= statusMs) {
        saidAt = clock.monotonic();
        yield Buffer.from(eventOf('status', this.#status));
      }
      go = said.wants === undefined ? { slices: [], matchedMax: 0 } : await this.#pageOf(said.wants);
    }
  }

  close(): void {
    for (const reader of this.#readers.values()) reader[Symbol.dispose]();
  }

  get #status(): object {
    return { records: this.#records, matched: this.#rows, lagMs: 0 };
  }

  /** What a scan is to be given next. */
  async #pageOf(want: ViewWant): Promise<ViewGo> {
    const { clock } = this.#world;
    const reader = this.#readers.get(want.scan) ?? (await this.#readerOf(want));
    for (;;) {
      const slices: SourceSlice[] = [];
      for (let free = pageBytes; free > 0 && !this.#ended.aborted; ) {
        const slice = await reader.next(free);
        if (slice === undefined) break;
        free -= Math.max(slice.bytes, sliceCost);
        slices.push(slice);
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      const isLast = reader.isOver || this.#ended.aborted;
      if (slices.length > 0 || isLast) return { slices, matchedMax: 0, scan: want.scan, isLast };
      await reader.grown(clock.monotonic() + lookAgainMs);
    }
  }

  async #readerOf({ scan, bounds }: ViewWant): Promise<SourceReader> {
    const { from, until, positionsAt, requireKeys } = this.#subject;
    const { clock, log } = this.#world;
    const begin = Math.max(from, bounds?.from ?? from);
    const end = Math.max(begin, Math.min(until, bounds?.end ?? until));
    const wanted = ([shard]: readonly [string, unknown]) =>
      bounds?.shards?.includes(formatShardId(Number(shard))) ?? true;
    const positions = Object.entries(await positionsAt(begin));
    const ends = Object.entries(await positionsAt(end)).filter(wanted);
    const reader = new SourceReader(
      {
        ...{ clock, log, requireToRead: requireKeys, stream: () => this.#stream },
        failed: (_, error) => {
          this.#failure ??= { error };
        },
        recovered: () => {},
        until: Object.fromEntries(ends.map(([shard, { next }]) => [shard, { next }])),
      },
      // No shard that is wanted waits for a parent that is not.
      Object.fromEntries(positions.map((each) => (wanted(each) ? each : [each[0], finished]))),
    );
    this.#readers.set(scan, reader);
    return reader;
  }

  get #stream(): Stream | undefined {
    const { stream } = this.#subject;
    const now = this.#world.catalog.state.streams.get(streamKeyOf(stream));
    return now?.id === stream.id && isServing(now) ? now : undefined;
  }
}

const finished = { next: 0, isFinished: true } as const;
const newline = Buffer.from('\n');
const pageBytes = 1024 * 1024;
const sliceCost = 4 * 1024;
const statusMs: Millis = 1_000;
const lookAgainMs: Millis = 1_000;
