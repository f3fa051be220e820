import assert from 'node:assert';
import type { ObjectStore } from '../../src/env/object-store.ts';
import type { Random } from '../../src/env/random.ts';
import { formatLongJson } from '../../src/iceberg/format/long-json.ts';
import { writeManifest } from '../../src/iceberg/format/manifest.ts';
import { type ListedManifest, writeManifestList } from '../../src/iceberg/format/manifest-list.ts';
import { specFieldOf } from '../../src/iceberg/format/partition-spec.ts';
import { schemaOfJson } from '../../src/iceberg/format/schema-json.ts';
import {
  currentSchemaOf,
  currentSnapshotOf,
  defaultSpecOf,
  readMetadata,
  type TableMetadata,
} from '../../src/iceberg/format/table-metadata.ts';
import type { DataFile } from '../../src/iceberg/iceberg-table.ts';
import { placeOf } from '../../src/iceberg/table-files.ts';
import type { HonestCatalog } from './honest-catalog.ts';
import { liveFilesOf, manifestsOf } from './table-reader.ts';

/**
 * Somebody else who works on the same table of a REST catalog: appends, makes one file of many, and lets
 * snapshots expire, with all that only they had. It is alone with the catalog, so what it does succeeds.
 */
export class OtherWriter {
  /** What a file holds that it made of others. */
  readonly merged = new Map<string, readonly string[]>();
  readonly appended: string[] = [];
  readonly #catalog: HonestCatalog;
  readonly #objects: ObjectStore;
  readonly #random: Random;
  readonly #path: string;
  #count = 0;

  constructor(catalog: HonestCatalog, objects: ObjectStore, random: Random, path: string) {
    this.#catalog = catalog;
    this.#objects = objects;
    this.#random = random;
    this.#path = path;
  }

  async append(): Promise<void> {
    const path = this.#newPath('other');
    const metadata = await this.metadata();
    this.appended.push(path);
    await this.#commit(metadata, 'append', path, await manifestsOf(this.#objects, metadata));
  }

  async compact(): Promise<void> {
    const metadata = await this.metadata();
    const live = await liveFilesOf(this.#objects, metadata);
    if (live.length === 0) return;
    const path = this.#newPath('merged');
    this.merged.set(
      path,
      live.map((file) => file.path),
    );
    await this.#commit(metadata, 'replace', path, []);
  }

  async expire(): Promise<void> {
    const metadata = await this.metadata();
    const current = currentSnapshotOf(metadata);
    const gone = (metadata.snapshots ?? []).filter((one) => one !== current);
    if (gone.length === 0) return;
    const snapshotIds = gone.map((one) => one['snapshot-id']);
    await this.#post({ updates: [{ action: 'remove-snapshots', 'snapshot-ids': snapshotIds }] });
    for (const { 'manifest-list': list } of gone) {
      if (list !== undefined) await this.#objects.delete(placeOf(list));
    }
  }

  async metadata(): Promise<TableMetadata> {
    const { json } = await this.#catalog.handle('GET', this.#path, '');
    const found = 'metadata' in json ? json.metadata : undefined;
    return readMetadata(formatLongJson(found), this.#path);
  }

  async #commit(
    metadata: TableMetadata,
    operation: string,
    path: string,
    kept: readonly ListedManifest[],
  ): Promise<void> {
    const snapshotId = this.#random.bytes(8).readBigUInt64BE() >> 1n;
    const sequenceNumber = BigInt(metadata['last-sequence-number']) + 1n;
    const manifest = await this.#manifest(metadata, path, snapshotId, sequenceNumber);
    const list = `${metadata.location}/metadata/other-list-${snapshotId}.avro`;
    const parent = currentSnapshotOf(metadata)?.['snapshot-id'];
    const bytes = writeManifestList({
      snapshotId,
      parentId: parent === undefined ? undefined : BigInt(parent),
      sequenceNumber,
      manifests: [manifest, ...kept],
      sync: this.#random.bytes(16),
    });
    await this.#objects.put(placeOf(list), [bytes]);
    const snapshot = {
      'snapshot-id': snapshotId,
      'parent-snapshot-id': parent,
      'sequence-number': sequenceNumber,
      'timestamp-ms': metadata['last-updated-ms'],
      'manifest-list': list,
      summary: { operation },
      'schema-id': 0,
    };
    const ref = { action: 'set-snapshot-ref', 'ref-name': 'main', type: 'branch', 'snapshot-id': snapshotId };
    await this.#post({ updates: [{ action: 'add-snapshot', snapshot }, ref] });
  }

  async #manifest(
    metadata: TableMetadata,
    path: string,
    snapshotId: bigint,
    sequenceNumber: bigint,
  ): Promise<ListedManifest> {
    const schema = currentSchemaOf(metadata);
    const spec = defaultSpecOf(metadata);
    const field = specFieldOf(spec, schemaOfJson(schema));
    const file: DataFile = { path, bytes: 1, records: 1, partition: null };
    const bytes = writeManifest([file], snapshotId, { schema, spec, field, sync: this.#random.bytes(16) });
    const manifestPath = `${metadata.location}/metadata/other-${snapshotId}.avro`;
    await this.#objects.put(placeOf(manifestPath), [bytes]);
    return {
      manifest_path: manifestPath,
      manifest_length: BigInt(bytes.length),
      partition_spec_id: 0,
      content: 0,
      sequence_number: sequenceNumber,
      min_sequence_number: sequenceNumber,
      added_snapshot_id: snapshotId,
      added_files_count: 1,
      existing_files_count: 0,
      deleted_files_count: 0,
      added_rows_count: 1n,
      existing_rows_count: 0n,
      deleted_rows_count: 0n,
      partitions: null,
      key_metadata: null,
    };
  }

  async #post(body: { updates: readonly object[] }): Promise<void> {
    const text = formatLongJson({ requirements: [], ...body });
    const answer = await this.#catalog.handle('POST', this.#path, text);
    assert.equal(answer.status, 200, formatLongJson(answer.json));
  }

  #newPath(kind: string): string {
    this.#count += 1;
    return `s3://lake/${kind}-${this.#count}.parquet`;
  }
}
