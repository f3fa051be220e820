import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../env/clock.ts';
import { folderOf, placeOf } from '../../iceberg/table-files.ts';
import type { CatalogTable, DeliverySpec, ObjectForm, ObjectTarget } from '../delivery-spec.ts';
import { HttpRequests } from '../destination/http-requests.ts';
import type { ObjectWriter } from '../format/object-writer.ts';
import type { ParquetObject } from '../format/parquet-object.ts';
import { openTextObject } from '../format/text-object.ts';
import type { NameContext } from '../names/name-context.ts';
import { namesOf } from '../names/object-names.ts';
import { lettersOf } from '../names/unique-text.ts';
import type { DeliveredRecord, ErrorOutputType, RefusedRecord } from '../record/delivered-record.ts';
import { errorLines } from '../record/error-records.ts';
import type { Partition } from '../record/partitions.ts';
import type { ChunkSetting, FormattedObject, FormattedRequest } from './chunk-setting.ts';
import type { TableGroup } from './table-router.ts';

/** An object of a chunk, as it is filled, and what its name is made of. */
type OpenObject = {
  /** What it is for, in few letters: the same whenever the chunk is made. */
  readonly of: string;
  readonly kind: FormattedObject['kind'];
  readonly target: ObjectTarget;
  readonly writer: ObjectWriter;
  readonly keys: Pick<NameContext, 'queryKeys' | 'partitionKeys' | 'errorType'>;
  /** Of a file of a table. */
  readonly group?: TableGroup;
  oldest: Millis;
};

/**
 * The objects of a chunk: one for each partition, one for each kind of error, and one for the backup. They
 * are in the order of what they are for, so that a chunk that is made again has each at the same place.
 */
export class ChunkObjects {
  readonly #spec: DeliverySpec;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #objects = new Map<string, OpenObject>();
  readonly #requests = new HttpRequests();

  constructor({ spec }: Pick<ChunkSetting, 'spec'>, clock: Pick<Clock, 'now'>) {
    this.#spec = spec;
    this.#clock = clock;
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

  /** The same, of a file of a table. */
  async addRows(group: TableGroup): Promise<readonly RefusedRecord[]> {
    const { destination, errors } = this.#spec;
    assert(destination.kind === 'iceberg');
    const { compression, reading } = destination;
    const { schema } = group.table;
    const open = await this.#open(`data/${group.id}`, async () => ({
      kind: 'data',
      target: errors,
      writer: await this.#writerOf({ kind: 'parquet', schema, compression, reading }),
      keys: {},
      group,
    }));
    return await addTo(open, group.records);
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
      const lines = errorLines(ones, { channel, catalogTable: this.#catalogTable });
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
    const objects: FormattedObject[] = [];
    for (const [index, open] of filled.entries()) objects.push(await this.#finished(open, index, random));
    return objects;
  }

  requests(): Promise<readonly FormattedRequest[]> {
    return this.#requests.finish();
  }

  async #finished(
    { of, kind, target, writer, keys, oldest, group }: OpenObject,
    index: number,
    random: string,
  ): Promise<FormattedObject> {
    const { records, rawBytes } = writer;
    const { bytes, contentType, contentEncoding, extension } = await writer.finish();
    const storedBytes = bytes.reduce((sum, { length }) => sum + length, 0);
    const how = { storedBytes, contentType, contentEncoding };
    if (group !== undefined) {
      const file = fileOf(group, writer, `${random}-${String(index).padStart(5, '0')}.parquet`, storedBytes);
      return { kind, place: placeOf(file.data.path), bytes, ...how, target: {}, records, rawBytes, file };
    }
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
    const place = { bucket: target.bucket, key, of, owner: target.bucketOwner };
    const { storageClass, kmsKeyArn } = target;
    return { kind, place, bytes, ...how, target: { storageClass, kmsKeyArn }, records, rawBytes };
  }

  async #open(name: string, make: () => Promise<Omit<OpenObject, 'of' | 'oldest'>>): Promise<OpenObject> {
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    const of = lettersOf(name, ofLetters);
    const open = { ...(await make()), of, oldest: Number.POSITIVE_INFINITY };
    this.#objects.set(name, open);
    return open;
  }

  async #writerOf(form: ObjectForm): Promise<ObjectWriter> {
    if (form.kind === 'parquet')
      return (await import('../format/parquet-object.ts')).openParquetObject(form, this.#clock);
    const { delimiter } = this.#spec.stages;
    const between = delimiter === undefined ? undefined : Buffer.from(delimiter, 'base64');
    return openTextObject({ compression: form.compression, delimiter: between });
  }

  get #channelOfErrors() {
    const { owner, source, destination } = this.#spec;
    const hasData = destination.kind !== 'iceberg';
    return { channelId: owner.number, streamArn: source.arn ?? '', hasData };
  }

  get #catalogTable(): CatalogTable | undefined {
    const { destination } = this.#spec;
    if (destination.kind !== 's3' || destination.form.kind !== 'parquet') return undefined;
    return destination.form.catalogTable;
  }
}

/** Of 62 letters each: as good as unique among the objects of a chunk. */
const ofLetters = 12;

async function addTo(
  open: OpenObject,
  records: readonly DeliveredRecord[],
): Promise<readonly RefusedRecord[]> {
  for (const { arrival } of records) open.oldest = Math.min(open.oldest, arrival);
  return await open.writer.add(records);
}

function fileOf(
  { table, folder, partition }: TableGroup,
  writer: ObjectWriter,
  name: string,
  size: number,
): NonNullable<FormattedObject['file']> {
  const { rows, columns, splitOffsets } = (writer as ParquetObject).facts();
  const path = `${folderOf(table.location)}/data/${folder}${name}`;
  const { name: tableName, specId } = table;
  const data = { path, bytes: size, records: rows, partition, specId, columns, splitOffsets };
  return { table: tableName, data };
}

function byKind(refused: readonly RefusedRecord[]): ReadonlyMap<ErrorOutputType, RefusedRecord[]> {
  return Map.groupBy(refused, ({ kind }) => kind);
}
