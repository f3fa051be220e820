import type { Millis } from '../env/clock.ts';
import type { LogFields, Logger } from '../env/logger.ts';
import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { Offset } from '../kinesis/record.ts';
import type { Appended, ReadLimit, ShardKey } from '../log/log.ts';
import type { Caller } from '../rpc/operation.ts';
import type { MeasuredLoad } from '../stream/load.ts';

/**
 * What a front asks the owner: by subject, the body of the question and that of the answer. Both may come
 * with bytes.
 */
export type Requests = {
  /** Where a shard's log stands. */
  readonly open: readonly [ShardKey, Position];
  /** The bytes are the batch's. */
  readonly append: readonly [ShardKey & { readonly count: number }, Appended];
  /** The answer's bytes are those of the batches, one after the other. */
  readonly read: readonly [ShardKey & { readonly from: Offset; readonly limit: ReadLimit }, ReadAnswer];
  readonly seek: readonly [ShardKey & { readonly time: Millis }, Offset];
  /**
   * A call that the front does not carry out; the bytes are the body's. Of an answer in one piece, they are
   * its body.
   */
  readonly call: readonly [ForwardedCall, ForwardedAnswer];
  /** The next piece of an answer in pieces, as bytes; none when there is none. */
  readonly next: readonly [StreamNumber, undefined];
  /** The client takes no more pieces. */
  readonly return: readonly [StreamNumber, undefined];
  /** Answered at once by an owner that works. */
  readonly alive: readonly [undefined, undefined];
  /** The key and certificate to show over TLS now. */
  readonly certificate: readonly [undefined, { readonly key: string; readonly certificate: string }];
};

/** What a front lets the owner know, without an answer. */
export type Events = {
  /** What was written to on-demand streams since the last note. */
  readonly load: readonly MeasuredLoad[];
  readonly log: LogEvent;
  /** The share of the last second, 0 to 1, in which its event loop had something to do. */
  readonly busy: number;
};

/** What a front logs. */
export type LogEvent = {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
};

export type Position = { readonly start: Offset; readonly end: Offset; readonly lastArrival: Millis };

export type ReadAnswer = {
  readonly standing: Position;
  readonly batches: readonly BatchHead[];
};

/** A batch without its bytes: its count, its first offset, its arrival time, and how many bytes it has. */
export type BatchHead = readonly [count: number, first: Offset, arrival: Millis, length: number];

/**
 * A request without its body, and who signed it, as the front found; undefined for one that needs no
 * signature.
 */
export type ForwardedCall = Omit<HttpRequest, 'body'> & { readonly caller: Caller | undefined };

export type ForwardedAnswer = Omit<HttpResponse, 'body'> & {
  /** Names the pieces, if that is how the answer comes. */
  readonly pieces?: StreamNumber;
};

/** Names an answer that comes in pieces, among those of one front. */
export type StreamNumber = number;
