import type { KeyService } from '../../access/keys/key-service.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Env } from '../../env/env.ts';
import type { Logger } from '../../env/logger.ts';
import type { Random } from '../../env/random.ts';
import { limits as awsLimits } from '../../kinesis/limits.ts';
import type { Records } from '../../log/log.ts';
import type { Background } from '../../stream/background.ts';
import { FanOut } from '../../stream/fan-out.ts';
import type { Load } from '../../stream/load.ts';
import type { Meter } from '../../stream/meter/meter.ts';
import type { CallStatistics } from '../../stream/metrics/call-statistics.ts';
import { PageBudget } from '../../stream/page-budget.ts';
import { Polls } from '../../stream/polls.ts';
import { ratesIn } from '../../stream/stream-limits.ts';
import type { Subscriptions } from '../../stream/subscriptions.ts';
import { awsThrottle, type Buckets, type Throttle } from '../../stream/throttle.ts';
import { makeTokens, type Tokens } from '../../stream/token.ts';
import { encodePageWith } from './operations/subscribe-to-shard.ts';
import { EncodedBatches, keptBytesMax } from './parts/encoded-batches.ts';
import type { KeyUse } from './parts/key-use.ts';
import { awsQuotas, noQuotas, type Quotas } from './parts/quota.ts';

/** What Kinesis's operations work with. */
export type KinesisWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly catalog: Catalog;
  /** The engine that holds the records. */
  readonly log: Records;
  readonly throttle: Throttle;
  readonly load: Load;
  /** Counts what this thread does. */
  readonly meter: Meter;
  /** Counts what AWS publishes of calls; absent where it is not published. */
  readonly calls?: CallStatistics | undefined;
  readonly tokens: Tokens;
  readonly background: Background;
  readonly pages: PageBudget;
  readonly encoded: EncodedBatches;
  readonly fanOut: FanOut;
  readonly subscriptions: Subscriptions;
  readonly quotas: Quotas;
  /** What wraps the data keys of streams. */
  readonly keyService: KeyService;
  readonly keyUse: KeyUse;
  /** The key that new streams are encrypted with, as it is named; null for none. */
  readonly encryptionKey: string | null;
  /** Whether AWS's limits apply. */
  readonly limited: boolean;
  /** How long iterators and subscriptions are good for; Infinity for ever. */
  readonly iteratorLifeMs: Millis;
  readonly subscriptionLifeMs: Millis;
  readonly polls: Polls;
};

/** What a server's options say about Kinesis. */
type KinesisOptions = {
  readonly limits: 'aws' | 'none';
  /** How many threads take requests besides the first; undefined for none. */
  readonly workers: number | 'auto' | undefined;
  readonly encrypt?: string | undefined;
  /** In seconds; undefined for AWS's five minutes. */
  readonly iteratorLifetime?: number | 'none' | undefined;
  readonly subscriptionLifetime?: number | 'none' | undefined;
};

/**
 * The world on a catalog. Limits are those of `throttle`, or those that hold in this process. `secret` seals
 * iterators and page tokens. `buckets` are shared by all threads that take requests; undefined when there is
 * only one.
 */
export function kinesisWorld(
  { limits, workers, encrypt, iteratorLifetime, subscriptionLifetime }: KinesisOptions,
  { clock, random, logger }: Pick<Env, 'clock' | 'random' | 'logger'>,
  state: Pick<
    KinesisWorld,
    'catalog' | 'log' | 'load' | 'meter' | 'calls' | 'background' | 'subscriptions' | 'keyService' | 'keyUse'
  > & { readonly throttle?: Throttle | undefined },
  secret: Buffer,
  buckets?: Buckets,
): KinesisWorld {
  const limited = limits === 'aws';
  const encoded = new EncodedBatches(keptBytesOf(workers));
  return {
    ...state,
    clock,
    random,
    logger,
    limited,
    iteratorLifeMs: lifeMs(iteratorLifetime, awsLimits.iteratorLifeMs),
    subscriptionLifeMs: lifeMs(subscriptionLifetime, awsLimits.subscriptionLifeMs),
    polls: new Polls({ clock, log: state.log, subscriptions: state.subscriptions }),
    encryptionKey: encrypt ?? null,
    quotas: limited ? awsQuotas : noQuotas,
    throttle: state.throttle ?? awsThrottle(clock, buckets, undefined, ratesIn(state.catalog, limited)),
    tokens: makeTokens(secret, random),
    pages: new PageBudget(),
    encoded,
    fanOut: new FanOut(encodePageWith(encoded)),
  };
}

function lifeMs(seconds: number | 'none' | undefined, usual: Millis): Millis {
  if (seconds === undefined) return usual;
  return seconds === 'none' ? Number.POSITIVE_INFINITY : seconds * 1000;
}

/**
 * How much one thread keeps of what it encoded: its share, and at least the largest page in JSON. With
 * workers `auto` it is half of all for each thread, however many there are.
 */
function keptBytesOf(workers: number | 'auto' = 0): number {
  if (workers === 'auto') return keptBytesMax / 2;
  return Math.max(pageBytesMax, Math.floor(keptBytesMax / (workers + 1)));
}

/** 10 MiB in base64, and the rest of each record. */
const pageBytesMax = 16 * 1024 * 1024;
