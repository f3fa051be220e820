import type { DeliverySight } from '../delivery/delivery-world.ts';
import type { Millis } from '../env/clock.ts';
import type { LogFields, Logger } from '../env/logger.ts';
import type { HttpResponse } from '../env/network.ts';
import type { ShownPair } from '../http/tls/key-pair.ts';
import type { Offset } from '../kinesis/record.ts';
import type { Appended, Position, ReadRequest, ShardKey } from '../log/log.ts';
import type { VerifiedCall } from '../rpc/dispatch.ts';
import type { PageAsked } from '../rpc/page.ts';
import type { LeaseTable } from '../services/millrace/parts/lease-table.ts';
import type { Scope } from '../services/millrace/sights-world.ts';
import type { MeasuredLoad } from '../stream/load.ts';
import type { Sketched } from '../stream/meter/meter.ts';
import type { MeterPage } from '../stream/meter/meter-page.ts';
import type { MeasuredCalls } from '../stream/metrics/call-statistics.ts';
import type { MeterTelling, MeterTellingQuestion, SketchesQuestion } from './cluster-meter.ts';
import type { TransferredError } from './error-transfer.ts';
import type { Health } from './health.ts';
import type { ToldSights } from './mapping-sights.ts';
import type { KeyRequests } from './owner-keys.ts';
import type { SliceHead } from './slice-head.ts';
import type { KeyEvents } from './told-keys.ts';

/**
 * What a worker asks the owner: by subject, the body of the question and that of the answer. Both may come
 * with bytes.
 */
export type Requests = KeyRequests & {
  /**
   * The bytes are the batch's; `key` is the number of the told key that they are encrypted with, `sizes` are
   * those of `NewBatch`.
   */
  readonly append: readonly [
    ShardKey & { readonly count: number; readonly key?: number; readonly sizes?: readonly number[] },
    Appended,
  ];
  /** The answer's bytes are those of the batches, one after the other. */
  readonly read: readonly [ShardKey & ReadRequest, SliceHead];
  readonly seek: readonly [ShardKey & { readonly time: Millis }, Offset];
  readonly position: readonly [ShardKey, Position];
  /** Whether a call that reads may go on, see `Throttle`. */
  readonly may: readonly [ShardKey & { readonly call: 'read' | 'iterate' }, boolean];
  /** Answered once the shard has grown past an offset, or the question was cancelled. */
  readonly grown: readonly [ShardKey & { readonly past: Offset }, undefined];
  /** A call that the worker does not carry out; the bytes are the body's, and those of the answer's body. */
  readonly call: readonly [VerifiedCall, ForwardedAnswer];
  /** A page that the worker does not know, by its path. */
  readonly page: readonly [{ readonly path: string; readonly asked: PageAsked }, ForwardedAnswer];
  /** Begins a subscription or a tail, see `Subscriptions`; answers its number among those of the worker. */
  readonly subscribe: readonly [
    { readonly consumer: string; readonly named: string } | { readonly tailOf: string | undefined },
    number,
  ];
  /** Answered with the reason once the subscription of a number is over. Cancelling the question ends it. */
  readonly over: readonly [number, TransferredError];
  /** The bytes are metrics (`encodePut`) that another gateway counted; answered once they are durable. */
  readonly metrics: readonly [undefined, undefined];
  /** Of some mappings, by their UUIDs, those shards that the owner runs. */
  readonly sights: readonly [readonly string[], ToldSights];
  /** How deliveries do, as the owner knows them. */
  readonly deliveries: readonly [undefined, readonly DeliverySight[]];
  /** The lease tables of applications of the KCL, where the owner holds what services keep. */
  readonly 'lease-tables': readonly [Scope, readonly LeaseTable[]];
  /** What a gateway has counted, page by page; undefined where it does not tell, or not any more. */
  readonly metered: readonly [MeterTellingQuestion, MeterTelling | undefined];
  /** What a gateway knows of the keys of shards. */
  readonly sketches: readonly [SketchesQuestion, readonly Sketched[]];
  /** Answered once the journals have all that any gateway had been told is in them. */
  readonly current: readonly [undefined, undefined];
  /** Answered at once by an owner that works. */
  readonly health: readonly [undefined, Health];
  /** The key and certificate to show over TLS now. */
  readonly certificate: readonly [undefined, ShownPair];
};

/** What a worker lets the owner know, without an answer. */
export type Events = KeyEvents & {
  /** What was written to on-demand streams since the last note. */
  readonly load: readonly MeasuredLoad[];
  /** What came of the calls of a minute, see `TellMinute`. */
  readonly calls: {
    readonly time: Millis;
    readonly measured: readonly MeasuredCalls[];
    readonly isOver: boolean;
  };
  readonly log: LogEvent;
  /** What a call has read of a shard. */
  readonly 'did-read': ShardKey & { readonly bytes: number };
  /** A record of the audit log. */
  readonly audit: AuditNote;
  /** What a worker that ends has counted: the last it says of it, page by page. */
  readonly counted: MeterPage;
  /** The number of a question whose answer is of no use any more. */
  readonly cancel: number;
  /** The share of the last second, 0 to 1, in which its event loop had something to do. */
  readonly busy: number;
};

/** A line for the audit log, and which of its files it belongs to. */
export type AuditNote = { readonly kind: 'call' | 'refused'; readonly line: string };

/** What a worker logs. */
export type LogEvent = {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
};

export type ForwardedAnswer = Omit<HttpResponse, 'body'>;
