import type { Catalog } from '../../catalog/catalog.ts';
import { streamsOf } from '../../catalog/state.ts';
import { Bounded } from '../../env/bounded.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Logger } from '../../env/logger.ts';
import type { LeaseTable } from '../../services/millrace/parts/lease-table.ts';
import type { SeenReader } from '../../services/millrace/parts/seen-reader.ts';
import type { FoundReaders, ReaderSurvey, Scope } from '../../services/millrace/sights-world.ts';
import type { FoundReader, KclReaders } from './kcl-readers.ts';

/** Where readers are found, each of which may fail without the others. */
export type SurveyParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalog: Pick<Catalog, 'state'>;
  readonly applications: (scope: Scope) => Promise<readonly LeaseTable[]>;
  readonly kcl: Pick<KclReaders, 'of'>;
  readonly mappings: (scope: Scope) => Promise<readonly FoundReader[]>;
  readonly deliveries: (scope: Scope) => Promise<readonly FoundReader[]>;
};

/**
 * Finds readers when somebody looks, once for all who look at the same time; the longer it takes, the longer
 * it rests: looking all the time takes a small share of the thread's time.
 */
export class KeptSurvey implements ReaderSurvey {
  readonly #parts: SurveyParts;
  readonly #kept = new Bounded<string, Kept>(scopesMax);

  constructor(parts: SurveyParts) {
    this.#parts = parts;
  }

  async found({ account, region }: Scope, patience: 'glance' | 'look'): Promise<FoundReaders> {
    const { clock } = this.#parts;
    const key = `${account}/${region}`;
    const kept = this.#kept.get(key) ?? { last: undefined, restsUntil: 0, running: undefined };
    this.#kept.set(key, kept);
    const now = clock.monotonic();
    if (kept.running === undefined && now >= kept.restsUntil) {
      kept.running = this.#run({ account, region }, kept);
      detached(kept.running, unthinkable);
    }
    const { last, running } = kept;
    if (last !== undefined && (running === undefined || (patience === 'glance' && now - last.at < staleMs)))
      return last.found;
    return await running!;
  }

  async #run(scope: Scope, kept: Kept): Promise<FoundReaders> {
    const { clock } = this.#parts;
    const began = clock.monotonic();
    const found = await this.#survey(scope);
    const ended = clock.monotonic();
    kept.last = { found, at: ended };
    kept.restsUntil = ended + Math.max(restMs, restTimes * (ended - began));
    kept.running = undefined;
    return found;
  }

  async #survey(scope: Scope): Promise<FoundReaders> {
    const { clock, catalog, applications, kcl, mappings, deliveries } = this.#parts;
    const kinds = [
      this.#tried('applications', async () => {
        const tables = await applications(scope);
        const streams = new Map(streamsOf(catalog.state, scope).map((stream) => [stream.name, stream]));
        return tables.length === 0 ? [] : await kcl.of(tables, streams);
      }),
      this.#tried('mappings', () => mappings(scope)),
      this.#tried('deliveries', () => deliveries(scope)),
    ];
    const byStream = new Map<string, SeenReader[]>();
    const strays: SeenReader[] = [];
    for (const { stream, reader } of (await Promise.all(kinds)).flat()) {
      if (stream === undefined) strays.push(reader);
      else if (!byStream.get(stream)?.push(reader)) byStream.set(stream, [reader]);
    }
    return { byStream, strays, at: clock.now() };
  }

  /** What fails is said in the log, and leaves out one kind of readers. */
  async #tried(kind: string, find: () => Promise<readonly FoundReader[]>): Promise<readonly FoundReader[]> {
    try {
      return await find();
    } catch (error) {
      this.#parts.logger.error('readers of streams could not be found', { kind, error });
      return [];
    }
  }
}

type Kept = {
  last: { readonly found: FoundReaders; readonly at: Millis } | undefined;
  restsUntil: Millis;
  running: Promise<FoundReaders> | undefined;
};

/** A glance is content with what is younger. */
const staleMs: Millis = 30_000;

/** Between two looks there is a second, and so many times as long as the last one took: 2 % of the time. */
const restMs: Millis = 1_000;
const restTimes = 50;

/** Accounts and regions that are looked at. */
const scopesMax = 16;
