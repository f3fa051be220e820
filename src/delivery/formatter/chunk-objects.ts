import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import type { DeliverySpec, ObjectForm, ObjectTarget } from '../delivery-spec.ts';
import { HttpRequests } from '../destination/http-requests.ts';
import type { ObjectWriter } from '../format/object-writer.ts';
import { openTextObject } from '../format/text-object.ts';
import type { NameContext } from '../names/name-context.ts';
import { namesOf } from '../names/object-names.ts';
import type { DeliveredRecord, ErrorOutputType, RefusedRecord } from '../record/delivered-record.ts';
import { errorLines } from '../record/error-records.ts';
import type { Partition } from '../record/partitions.ts';
import type { FormattedObject, FormattedRequest } from './chunk-setting.ts';

/** An object of a chunk, as it is filled, and what its name is made of. */
type OpenObject = {
  readonly kind: FormattedObject['kind'];
  readonly target: ObjectTarget;
  readonly writer: ObjectWriter;
  readonly keys: Pick<NameContext, 'queryKeys' | 'partitionKeys' | 'errorType'>;
  oldest: Millis;
};

/**
 * The objects of a chunk: one for each partition, one for each kind of error, and one for the backup. They
 * are in the order of what they are for, so that a chunk that is made again has each at the same place.
 */
export class ChunkObjects {
  readonly #spec: DeliverySpec;
  readonly #objects = new Map<string, OpenObject>();
  readonly #requests = new HttpRequests();

  constructor(spec: DeliverySpec) {
    this.#spec = spec;
  }

  /** Answers the records that do not fit the form of the object. */
  async deliver({ id, records }: Partition): Promise<readonly RefusedRecord[]> {
    const { destination } = this.#spec;
    if (destination.kind === 'http') return await this.#requests.add(records);
    assert(destination.kind === 's3');
    const { queryKeys, partitionKeys } = records[0]!;
    const open = await this.#open(`data/${id}`, async () => ({
      kind: 'data',
      target: destination.target,
      writer: await this.#writerOf(destination.form),
      keys: { queryKeys, partitionKeys },
    }));
    return await addTo(open, records);
  }

  async backUp(records: readonly DeliveredRecord[]): Promise<void> {
    const target = this.#spec.backup!;
    const open = await this.#open('backup', async () => ({
      kind: 'backup',
      target,
      writer: openTextObject({ compression: target.compression }),
      keys: {},
    }));
    await addTo(open, records);
  }

  async refuse(refused: readonly RefusedRecord[]): Promise<void> {
    const { errors: target, owner } = this.#spec;
    for (const [errorType, ones] of byKind(refused)) {
      const open = await this.#open(`errors/${errorType}`, async () => ({
        kind: 'errors',
        target,
        writer: openTextObject({ compression: target.compression }),
        keys: { errorType },
      }));
      const channel = owner.kind === 'channel' ? this.#channelOfErrors : undefined;
      const lines = errorLines(ones, channel);
      await addTo(
        open,
        ones.map(({ record }, index) => ({ ...record, data: lines[index]! })),
      );
    }
  }

  get largestBytes(): number {
    let largest = this.#requests.rawBytes;
    for (const { writer } of this.#objects.values()) largest = Math.max(largest, writer.rawBytes);
    return largest;
  }

  get heldBytes(): number {
    let held = this.#requests.heldBytes;
    for (const { writer } of this.#objects.values()) held += writer.heldBytes;
    return held;
  }

  async finish(random: string): Promise<readonly FormattedObject[]> {
    const inOrder = [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, open]) => open);
    const filled = inOrder.filter(({ writer }) => writer.records > 0);
    const finished: FormattedObject[] = [];
    for (const [index, open] of filled.entries()) finished.push(await this.#finished(open, index, random));
    return finished;
  }

  requests(): Promise<readonly FormattedRequest[]> {
    return this.#requests.finish();
  }

  async #finished({ kind, target, writer, keys, oldest }: OpenObject, index: number, random: string) {
    const { records, rawBytes } = writer;
    const { bytes, contentType, contentEncoding, extension } = await writer.finish();
    const { owner, source } = this.#spec;
    const streamName = source.stream.name;
    const key = namesOf(target.names).nameOf({
      owner,
      streamName,
      oldest,
      random,
      index,
      extension,
      ...keys,
    });
    const place = { bucket: target.bucket, key, owner: target.bucketOwner };
    const { storageClass, kmsKeyArn } = target;
    const how = { contentType, contentEncoding, target: { storageClass, kmsKeyArn } };
    return { kind, place, bytes, ...how, records, rawBytes };
  }

  async #open(name: string, make: () => Promise<Omit<OpenObject, 'oldest'>>): Promise<OpenObject> {
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    const open = { ...(await make()), oldest: Number.POSITIVE_INFINITY };
    this.#objects.set(name, open);
    return open;
  }

  async #writerOf(form: ObjectForm): Promise<ObjectWriter> {
    assert(form.kind === 'text');
    const { delimiter } = this.#spec.stages;
    const between = delimiter === undefined ? undefined : Buffer.from(delimiter, 'base64');
    return openTextObject({ compression: form.compression, delimiter: between });
  }

  get #channelOfErrors() {
    const { owner, source } = this.#spec;
    return { channelId: owner.number, streamArn: source.arn ?? '' };
  }
}

async function addTo(
  open: OpenObject,
  records: readonly DeliveredRecord[],
): Promise<readonly RefusedRecord[]> {
  for (const { arrival } of records) open.oldest = Math.min(open.oldest, arrival);
  return await open.writer.add(records);
}

function byKind(refused: readonly RefusedRecord[]): ReadonlyMap<ErrorOutputType, RefusedRecord[]> {
  return Map.groupBy(refused, ({ kind }) => kind);
}
