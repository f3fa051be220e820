import type { Millis } from '../../src/env/clock.ts';

/** How the network and the brokers treat what comes. Chances are from 0 to 1, of each request. */
export type Weather = {
  /** Each way, between a client and a broker. */
  readonly clientDelayMax: Millis;
  /** Each way, between brokers. */
  readonly peerDelayMax: Millis;
  /** Each way to the controller, and until a broker knows what it decided. */
  readonly controllerDelayMax: Millis;
  /** The connection ends before the broker sees the request, or after it has carried it out. */
  readonly dropBefore: number;
  readonly dropAfter: number;
  /** A fetched partition's bytes are cut off at the end, or one bit of them is another one. */
  readonly truncate: number;
  readonly flip: number;
  /** The broker answers a high watermark, and ends, of before. */
  readonly staleEnd: number;
  /** The broker forgets the fetch session that a request is in. */
  readonly evictSession: number;
};

/** Nothing takes time, nothing goes wrong. */
export const calm: Weather = {
  clientDelayMax: 0,
  peerDelayMax: 0,
  controllerDelayMax: 0,
  dropBefore: 0,
  dropAfter: 0,
  truncate: 0,
  flip: 0,
  staleEnd: 0,
  evictSession: 0,
};

/** How long brokers and controllers wait for each other. */
export type Patience = {
  /** `replica.lag.time.max.ms`: a follower that lags for so long is not in sync. */
  readonly lagMs: Millis;
  /** `broker.session.timeout.ms`: a broker that the controller does not hear of for so long leads no more. */
  readonly sessionMs: Millis;
  /** How long the controllers need to agree on another one of them to speak. */
  readonly electionMs: Millis;
  /** From the start of a broker until it registers. */
  readonly startMs: Millis;
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckMs: Millis;
  /** `min.incremental.fetch.session.eviction.ms` */
  readonly sessionEvictionMs: Millis;
  /** `max.incremental.fetch.session.cache.slots` */
  readonly sessionsMax: number;
};

/** As the real cluster of tests is set: everything faster than Kafka's defaults. */
export const brisk: Patience = {
  lagMs: 5_000,
  sessionMs: 3_000,
  electionMs: 1_000,
  startMs: 500,
  retentionCheckMs: 5_000,
  sessionEvictionMs: 120_000,
  sessionsMax: 1_000,
};
