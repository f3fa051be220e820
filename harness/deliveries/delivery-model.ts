import type { Model, Moment, StreamModel } from '../model.ts';

/**
 * What deliveries were asked for, and what was put to them, written down without judgement. What they made of
 * it is in the bucket. Nothing here knows how the server delivers.
 */

/**
 * A delivery stream that is put to, one that reads a stream of the world, or a channel of a stream that is
 * there for it alone.
 */
export type DeliveryKind = 'put' | 'stream' | 'channel';

/** A record that was put for one delivery. A client that tries again puts another one. */
export type DeliveryPut = {
  readonly id: string;
  readonly data: string;
  readonly sent: Moment;
  outcome: 'unknown' | 'refused' | 'acknowledged';
  /** When it was acknowledged. */
  at?: Moment;
};

/** A delivery from its creation to its deletion. No name comes again. */
export class DeliveryModel {
  readonly name: string;
  readonly kind: DeliveryKind;
  /** Undefined where records are put to it directly. */
  readonly stream: StreamModel | undefined;
  /** Its objects are partitioned by what is in the records; those that are no JSON go to the errors. */
  readonly isPartitioned: boolean;
  /** When its creation was first asked for. */
  readonly sent: Moment;
  /** When it was certainly ACTIVE. */
  active: Moment | undefined;
  /** When its deletion was first asked for. */
  doomed: Moment | undefined;
  /** When it was certainly gone, or certainly never there. */
  gone: Moment | undefined;
  /** Of a channel. */
  arn: string | undefined;
  readonly puts: DeliveryPut[] = [];

  constructor(
    name: string,
    kind: DeliveryKind,
    stream: StreamModel | undefined,
    { isPartitioned, sent }: { readonly isPartitioned: boolean; readonly sent: Moment },
  ) {
    this.name = name;
    this.kind = kind;
    this.stream = stream;
    this.isPartitioned = isPartitioned;
    this.sent = sent;
  }

  /** Whether it was told to be there, and nobody has asked for its end. */
  get isUsable(): boolean {
    return this.active !== undefined && this.doomed === undefined;
  }
}

/** An object of the bucket, and when it was stored first, by a number that counts all that were. */
export type StoredObject = { readonly key: string; readonly body: Buffer; readonly first: number };

/** All deliveries of one simulation. */
export class DeliveriesModel {
  readonly deliveries: DeliveryModel[] = [];
  readonly model: Model;
  #puts = 0;

  constructor(model: Model) {
    this.model = model;
  }

  /** A record that is about to be put. `isJson`: else it goes to the errors where there are partitions. */
  put(delivery: DeliveryModel, group: string, isJson: boolean, size: number): DeliveryPut {
    const id = `d${this.#puts++}`;
    const filler = 'x'.repeat(size);
    const data = isJson ? JSON.stringify({ id, group, filler }) : `${id} is no JSON ${filler}`;
    const put: DeliveryPut = { id, data, sent: this.model.moment(), outcome: 'unknown' };
    delivery.puts.push(put);
    return put;
  }
}
