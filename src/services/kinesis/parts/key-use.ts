import type { Caller } from '../../../access/caller.ts';
import type { KeyService } from '../../../access/keys/key-service.ts';
import type { Authorizer, RequestContext, ResourceFacts } from '../../../access/policy/access.ts';
import type { Peer } from '../../../env/network.ts';
import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { DataKeys, EncryptingKey } from '../../../log/data-keys.ts';
import type { KeyQueue } from '../../../log/key-queue.ts';
import { DroppedError } from '../../../log/log.ts';
import { keyRefusal, streamNotFound } from '../../../stream/errors.ts';
import type { RoutedPut } from '../../../stream/routed-put.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { kinesisError } from '../errors.ts';

type KeyUseParts = {
  readonly keys: DataKeys;
  /** Where puts wait for keys. */
  readonly queue: KeyQueue;
  readonly service: KeyService;
  readonly authorizer: Authorizer;
  /** What is known of a KMS key, by its ARN. */
  readonly factsOfKey: (arn: string) => ResourceFacts | undefined;
};

/**
 * Whether a caller may have records encrypted or decrypted: Kinesis uses a stream's key on behalf of the
 * caller, who needs permission for that besides the one for the stream (Kinesis developer guide, "Permissions
 * to use user-generated KMS keys").
 */
export class KeyUse {
  readonly #keys: DataKeys;
  readonly #queue: KeyQueue;
  readonly #service: KeyService;
  readonly #authorizer: Authorizer;
  readonly #factsOfKey: KeyUseParts['factsOfKey'];

  constructor({ keys, queue, service, authorizer, factsOfKey }: KeyUseParts) {
    this.#keys = keys;
    this.#queue = queue;
    this.#service = service;
    this.#authorizer = authorizer;
    this.#factsOfKey = factsOfKey;
  }

  /**
   * Throws or rejects with an exception of KMS when a caller may not have records encrypted in a stream, or
   * nobody can. There is nothing to wait for where that is known at once.
   */
  requireToWrite(
    caller: Caller,
    stream: Stream,
    { parts }: Pick<RoutedPut, 'parts'>,
  ): Promise<void> | undefined {
    if (stream.encryptionKey === null || !this.#authorizer.needsFacts(caller)) return undefined;
    try {
      const current = this.#keys.current(stream.id);
      if (current instanceof Promise) {
        const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
        return this.#requireOnce(this.#queue.wait(current, bytes), caller, stream);
      }
      if (current !== undefined) this.#require('kms:GenerateDataKey', caller, stream, current.key.arn);
      return undefined;
    } catch (error) {
      throw keyRefusal(error);
    }
  }

  async #requireOnce(
    awaited: Promise<EncryptingKey | undefined>,
    caller: Caller,
    stream: Stream,
  ): Promise<void> {
    const current = await awaited.catch((error: unknown) => {
      throw error instanceof DroppedError ? streamNotFound(stream) : keyRefusal(error);
    });
    if (current !== undefined) this.#require('kms:GenerateDataKey', caller, stream, current.key.arn);
  }

  /**
   * Throws KMSAccessDeniedException when a caller may not know of a key, and so have a stream encrypted with
   * it (developer guide, "Permissions to use user-generated KMS keys": administrators of streams).
   */
  requireToSet(caller: Caller, stream: StreamAddress, keyArn: string): void {
    if (this.#authorizer.needsFacts(caller)) this.#require('kms:DescribeKey', caller, stream, keyArn);
  }

  /**
   * Throws an exception of KMS when what is stored under one of these keys may not be decrypted now, or not
   * for a caller.
   */
  requireToRead(caller: Caller, stream: Stream, keyArns: readonly string[]): void {
    this.requireUsable(keyArns);
    for (const arn of keyArns)
      if (this.#authorizer.needsFacts(caller)) this.#require('kms:Decrypt', caller, stream, arn);
  }

  /** Rejects so for what is put into a stream now. */
  async requireToReadNew(caller: Caller, stream: Stream): Promise<void> {
    if (stream.encryptionKey === null) return;
    const current = await this.#keys.current(stream.id);
    if (current !== undefined) this.requireToRead(caller, stream, [current.key.arn]);
  }

  /** Throws an exception of KMS when what is stored under one of these keys can be decrypted by nobody. */
  requireUsable(keyArns: readonly string[]): void {
    for (const arn of keyArns) {
      const trouble = this.#service.troubleOf?.(arn);
      if (trouble !== undefined) throw keyRefusal(trouble);
    }
  }

  #require(action: string, caller: Caller, stream: StreamAddress, resource: string): void {
    const facts = this.#factsOfKey(resource);
    try {
      this.#authorizer.authorize({
        ...{ caller, action, resource, facts },
        peer: nowhere,
        context: contextOf(caller, stream),
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw kinesisError('KMSAccessDeniedException', error.message);
    }
  }
}

/** The condition keys of a call that Kinesis makes (KMS developer guide, "AWS KMS condition keys"). */
function contextOf({ account }: Caller, stream: StreamAddress): RequestContext {
  return new Map([
    ['aws:viaawsservice', ['true']],
    ['kms:viaservice', [`kinesis.${stream.region}.amazonaws.com`]],
    ['kms:calleraccount', [account]],
    ['kms:encryptioncontext:aws:kinesis:arn', [formatStreamArn(stream)]],
    ['kms:encryptioncontextkeys', ['aws:kinesis:arn']],
  ]);
}

/** It is the service that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };
