/** What the generator is asked to do to the server at a port, and what it answers. */
export type Order = { readonly port: number; readonly serverPid: number; readonly load: Load };
export type Load = PutLoad | CallLoad | GetLoad | FanOutLoad;
export type Reply = { readonly outcome: OutcomeOf[Load['kind']] } | { readonly failure: string };
export type OutcomeOf = { put: Outcome; call: Outcome; get: Outcome; 'fan-out': FanOutOutcome };

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

export type PutLoad = Pace & {
  readonly kind: 'put';
  readonly operation: 'PutRecords' | 'PutRecord';
  /** Partition keys that take turns. Without them every record has one of its own. */
  readonly keys?: readonly string[];
};

/** Calls an operation with inputs that take turns. */
export type CallLoad = Pace & {
  readonly kind: 'call';
  readonly operation: string;
  readonly inputs: readonly object[];
};

/** Reads all shards from TRIM_HORIZON to the tip at once, and expects to find so many records. */
export type GetLoad = { readonly kind: 'get'; readonly recordsExpected: number };

/** Puts at a fixed rate, whatever the server does (an open loop), while consumers are subscribed to the only shard. */
export type FanOutLoad = {
  readonly kind: 'fan-out';
  readonly consumers: number;
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

/** Of the measured window. A call counts as a record without bytes; bytes are of data, before base64. */
export type Outcome = Spent & {
  readonly records: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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
};

export type Latency = { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };

export const streamName = 'bench';
export const recordBytes = 1024;
/** Of a `FanOutLoad`. */
export const recordsPerSecond = 1000;
export const recordsPerRequest = { PutRecords: 500, PutRecord: 1 } as const;
