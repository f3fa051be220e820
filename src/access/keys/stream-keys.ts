import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../env/clock.ts';
import { formatStreamArn, type StreamAddress } from '../../kinesis/arn.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { DataKey, type DataKeys, EncryptingKey, type Wrapping } from '../../log/data-keys.ts';
import { DamagedError, DroppedError } from '../../log/log.ts';
import { KeyCache, type KeyCacheLimits } from './key-cache.ts';
import type { EncryptionContext, KeyService } from './key-service.ts';

type StreamKeysParts = {
  readonly catalog: Pick<Catalog, 'state'>;
  readonly service: KeyService;
  readonly clock: Clock;
};

export type StreamKeysLimits = KeyCacheLimits & {
  /** After so many bytes a stream gets another data key. */
  readonly keyBytesMax: number;
};

/**
 * The data keys of streams, wrapped by the KMS keys that the streams name. A stream's data keys are bound to
 * its ARN: what was wrapped for another one does not open. Each thread that encrypts makes data keys of its
 * own, and never encrypts with one that it has read.
 */
export class StreamKeys implements DataKeys {
  readonly #catalog: Pick<Catalog, 'state'>;
  readonly #service: KeyService;
  /** By stream id. */
  readonly #writing: KeyCache<NamedKey>;
  /** By stream id and wrapping. */
  readonly #reading: KeyCache<DataKey>;
  /** The streams by id, as the catalog had them last. */
  #streams: { readonly of: unknown; readonly byId: ReadonlyMap<string, Stream> } = {
    of: undefined,
    byId: new Map(),
  };

  constructor({ catalog, service, clock }: StreamKeysParts, limits: StreamKeysLimits = streamKeysLimits) {
    this.#catalog = catalog;
    this.#service = service;
    this.#writing = new KeyCache(clock, limits, ({ key }) => key.bytes >= limits.keyBytesMax);
    this.#reading = new KeyCache(clock, limits);
  }

  current(id: string): EncryptingKey | undefined | Promise<EncryptingKey | undefined> {
    const stream = this.#requireStream(id);
    const named = stream.encryptionKey;
    if (named === undefined || named === null) return undefined;
    const found = this.#writing.get(id, () => this.#make(stream, named));
    if (found instanceof Promise) return this.#awaited(id, found);
    if (found.named === named && !found.key.isSpent) {
      this.#requireUsable(found.key.key.arn);
      return found.key;
    }
    this.#writing.forget(id);
    return this.current(id);
  }

  open(wrapping: Wrapping, id: string): DataKey | Promise<DataKey> {
    const stream = this.#requireStream(id);
    this.#requireUsable(wrapping.arn);
    return this.#reading.get(`${id}/${wrapping.wrapped.toString('latin1')}`, () =>
      this.#open(wrapping, stream),
    );
  }

  /** The stream may have got another key meanwhile. */
  async #awaited(id: string, making: Promise<NamedKey>): Promise<EncryptingKey | undefined> {
    const { named, key } = await making;
    return this.#stream(id)?.encryptionKey === named ? key : this.current(id);
  }

  async #make(stream: Stream, named: string): Promise<NamedKey> {
    const { account, region } = stream;
    const key = await this.#service.describe(named, { account, region });
    const { arn, secret, wrapped } = await this.#service.generateDataKey(key.arn, contextOf(stream));
    try {
      return { named, key: new EncryptingKey(new DataKey({ arn, wrapped }, secret)) };
    } finally {
      secret.fill(0);
    }
  }

  async #open(wrapping: Wrapping, stream: Stream): Promise<DataKey> {
    const { arn, secret } = await this.#service.decrypt(wrapping.wrapped, contextOf(stream));
    try {
      if (arn === wrapping.arn) return new DataKey(wrapping, secret);
    } finally {
      secret.fill(0);
    }
    throw new DamagedError(`a data key of ${stream.id} is wrapped by ${arn}, not by ${wrapping.arn}.`);
  }

  #requireUsable(arn: string): void {
    const trouble = this.#service.troubleOf?.(arn);
    if (trouble !== undefined) throw trouble;
  }

  /** Of a stream that is not there nobody knows that it is not encrypted. */
  #requireStream(id: string): Stream {
    const stream = this.#stream(id);
    if (stream === undefined) throw new DroppedError('The stream was deleted.');
    return stream;
  }

  #stream(id: string): Stream | undefined {
    const { streams } = this.#catalog.state;
    if (this.#streams.of !== streams) {
      const byId = new Map<string, Stream>();
      for (const stream of streams.values()) byId.set(stream.id, stream);
      this.#streams = { of: streams, byId };
      this.#writing.retain((name) => byId.has(name));
      this.#reading.retain((name) => byId.has(name.slice(0, name.indexOf('/'))));
    }
    return this.#streams.byId.get(id);
  }
}

/** A data key, and the KMS key that was asked to wrap it, as the stream names it. */
type NamedKey = { readonly named: string; readonly key: EncryptingKey };

/** What the data keys of a stream are bound to (Kinesis developer guide, server-side encryption). */
export function contextOf(stream: StreamAddress): EncryptionContext {
  return { 'aws:kinesis:arn': formatStreamArn(stream) };
}

/**
 * Kinesis asks KMS about every five minutes (Kinesis developer guide, "Costs, regions, and performance
 * considerations"). A data key encrypts about as much as a segment holds.
 */
const streamKeysLimits: StreamKeysLimits = {
  countMax: 1_000,
  freshMs: 4 * 60_000,
  ageMsMax: 5 * 60_000,
  keyBytesMax: 64 * 1024 * 1024,
};
