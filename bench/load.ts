import type { Latency } from '../harness/statistics.ts';

/** What the generator is asked to do to the server at a port, and what it answers. */
export type Order = { readonly port: number; readonly serverPid: number; readonly load: Load };
export type Load = PutLoad | OpenLoad | CallLoad | UpdateLoad | GetLoad | FanOutLoad | FleetLoad;
export type Reply = { readonly outcome: OutcomeOf[Load['kind']] } | { readonly failure: string };
export type OutcomeOf = {
  put: Outcome;
  open: Outcome;
  call: Outcome;
  update: Outcome;
  get: Outcome;
  'fan-out': FanOutOutcome;
  fleet: FleetOutcome;
};

/** For how long requests are replayed in a closed loop, each connection one at a time. */
export type Pace = {
  readonly connections: number;
  /** Runs before the measurement, so that compilers have seen the code. */
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Goes on past `seconds` until so many requests were answered: a slow server must be measured, too. */
  readonly requestsMin: number;
  /** Ends early, warm-up included, once so much data was acknowledged. */
  readonly bytesMax: number;
};

/** What is put, request by request. */
export type Puts = {
  readonly operation: 'PutRecords' | 'PutRecord';
  /** JSON, unless it says. In CBOR, maps and lists have no length, as Java's SDKs write them. */
  readonly encoding?: 'CBOR';
  /** Partition keys that take turns. Without them every record has one of its own. */
  readonly keys?: readonly string[];
  /** Streams that take turns, request by request; `streamName` alone unless others are named. */
  readonly streamNames?: readonly string[];
  /** Unless they are `recordBytes` each, and `recordsPerRequest` to a request. */
  readonly recordBytes?: number;
  readonly recordsPerRequest?: number;
};

export type PutLoad = Pace &
  Puts & {
    readonly kind: 'put';
    /** Over an HTTP/2 session for each request, instead of kept-alive connections of HTTP/1.1. */
    readonly isFreshSession?: boolean;
    /** Works beside the puts, on its own connections. */
    readonly fleet?: Pick<FleetLoad, 'workers' | 'leases'>;
  };

/** Sends requests at fixed times, whatever the server does; latencies count from when each was due. */
export type OpenLoad = Puts & {
  readonly kind: 'open';
  readonly requestsPerSecond: number;
  readonly warmSeconds: number;
  readonly seconds: number;
};

/** Calls an operation with inputs that take turns. */
export type CallLoad = Pace & {
  readonly kind: 'call';
  /** Kinesis, unless it says. */
  readonly service?: 'dynamodb';
  readonly operation: string;
  readonly inputs: readonly object[];
};

/** Conditional updates of so many leases, each by one connection. */
export type UpdateLoad = Pace & { readonly kind: 'update'; readonly leases: number };

/** Workers that keep leases alive, at their own pace. */
export type FleetLoad = {
  readonly kind: 'fleet';
  readonly workers: number;
  readonly leases: number;
  readonly seconds: number;
};

/** Reads shards from TRIM_HORIZON to the tip at once. */
export type GetLoad = {
  readonly kind: 'get';
  /** All, unless some are named. */
  readonly shardIds?: readonly string[];
  /** Fails unless it finds just so many. */
  readonly recordsExpected?: number;
};

/**
 * Puts at a fixed rate, whatever the server does (an open loop), while consumers are subscribed to the only
 * shard.
 */
export type FanOutLoad = {
  readonly kind: 'fan-out';
  readonly consumers: number;
  readonly recordsPerSecond: number;
  /** Five, unless it says. */
  readonly recordsPerPut?: number;
  readonly warmSeconds: number;
  readonly seconds: number;
};

/** What the measured window took. */
export type Spent = {
  readonly seconds: number;
  /** Of the server's processes. */
  readonly cpuSeconds: number;
  /** The share of the machine's CPU time that neither the server nor the generator used. */
  readonly foreignShare: number;
};

/**
 * Of the measured window. A call counts as a record; bytes are of data, before base64, but of a call's
 * answer.
 */
export type Outcome = Spent & {
  readonly records: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** All that was acknowledged, outside the window too. */
  readonly acknowledged: number;
  readonly errors: number;
  readonly firstError?: string;
};

/** Of the measured window, over all consumers; each has had every record once and in order. */
export type FanOutOutcome = Spent & {
  /** Put in the window. */
  readonly records: number;
  /** From sending the put to having the event. */
  readonly fromSend: Latency;
  /** From when the put was due. */
  readonly fromDue: Latency;
  /** The longest that the generator itself was busy with one thing, its garbage collection included. */
  readonly pauseMs: number;
};

/** Of all workers; latencies of renewals. */
export type FleetOutcome = Spent & {
  readonly renewals: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

export const streamName = 'bench';
export const recordBytes = 1024;
export const recordsPerRequest = { PutRecords: 500, PutRecord: 1 } as const;
