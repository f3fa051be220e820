/** What the generator is asked to do to the server at a port, and what it answers. */
export type Order = { readonly port: number; readonly serverPid: number; readonly load: Load };
export type Load = PutLoad | GetLoad;

/** Replays signed requests in a closed loop, each connection one request at a time. */
export type PutLoad = {
  readonly kind: 'put';
  readonly operation: 'PutRecords' | 'PutRecord';
  readonly connections: number;
  /** Runs before the measurement, so that compilers have seen the code. */
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Goes on past `seconds` until so many requests were answered: a slow server must be measured, too. */
  readonly requestsMin: number;
  /** Ends early, warm-up included, once so much data was acknowledged. */
  readonly bytesMax: number;
};

/** Reads all shards from TRIM_HORIZON to the tip at once, and expects to find so many records. */
export type GetLoad = { readonly kind: 'get'; readonly recordsExpected: number };

/** Of the measured window. Bytes are of data, before base64. */
export type Outcome = {
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Of the server's processes. */
  readonly cpuSeconds: number;
  /** The share of the machine's CPU time that neither the server nor the generator used. */
  readonly foreignShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** All that was acknowledged, outside the window too. */
  readonly acknowledged: number;
  readonly errors: number;
  readonly firstError?: string;
};

export type Reply = { readonly outcome: Outcome } | { readonly failure: string };

export const streamName = 'bench';
export const recordBytes = 1024;
export const recordsPerRequest = { PutRecords: 500, PutRecord: 1 } as const;
