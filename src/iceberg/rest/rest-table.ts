import type { CommitOutcome, HeldMetadata, TableChange, TableHome } from '../commit/table-home.ts';
import { isObject } from '../format/avro-schema.ts';
import { checkedMetadata, currentSnapshotOf } from '../format/table-metadata.ts';
import { IcebergError, type TableName } from '../iceberg-table.ts';
import { isConflict, isPassing, refusalOf } from './rest-error.ts';
import type { RestRequests } from './rest-requests.ts';

/** A table whose metadata a REST catalog keeps. */
export class RestTable implements TableHome {
  readonly #requests: RestRequests;
  readonly #name: TableName;
  readonly #path: string;

  constructor(requests: RestRequests, prefix: string, name: TableName) {
    this.#requests = requests;
    this.#name = name;
    const namespace = encodeURIComponent(name.namespace);
    this.#path = `${prefix}namespaces/${namespace}/tables/${encodeURIComponent(name.table)}`;
  }

  async load(_known: HeldMetadata | undefined, signal?: AbortSignal): Promise<HeldMetadata | undefined> {
    const answer = await this.#requests.send('GET', this.#path, undefined, signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusalOf(answer, `loading the table ${this.#name.table}`);
    return heldIn(answer.json, this.#name.table);
  }

  async commit(base: HeldMetadata, change: TableChange, signal?: AbortSignal): Promise<CommitOutcome> {
    const body = commitOf(this.#name, base, change);
    try {
      const answer = await this.#requests.send('POST', this.#path, body, signal);
      if (answer.status === 200) return { kind: 'committed', table: heldIn(answer.json, this.#name.table) };
      if (isConflict(answer)) return { kind: 'conflict' };
      const refusal = refusalOf(answer, `appending to the table ${this.#name.table}`);
      if (isPassing(answer.status)) return { kind: 'unknown', reason: refusal.message };
      throw refusal;
    } catch (error) {
      if (!(error instanceof IcebergError) || !error.passes) throw error;
      return { kind: 'unknown', reason: error.message };
    }
  }
}

/**
 * `CommitTableRequest` of the specification: all of it, if the table and its main branch are what they were.
 */
function commitOf({ namespace, table }: TableName, { metadata }: HeldMetadata, change: TableChange): object {
  const { snapshot, properties } = change;
  const current = currentSnapshotOf(metadata)?.['snapshot-id'] ?? null;
  return {
    identifier: { namespace: [namespace], name: table },
    requirements: [
      { type: 'assert-table-uuid', uuid: metadata['table-uuid'] },
      { type: 'assert-ref-snapshot-id', ref: 'main', 'snapshot-id': current },
    ],
    updates: [
      { action: 'add-snapshot', snapshot },
      {
        action: 'set-snapshot-ref',
        'ref-name': 'main',
        type: 'branch',
        'snapshot-id': snapshot['snapshot-id'],
      },
      { action: 'set-properties', updates: properties },
    ],
  };
}

/** `LoadTableResult` and `CommitTableResponse`. Throws `IcebergError` of code `BadFile`, or `NotWritable`. */
export function heldIn(json: unknown, table: string): HeldMetadata {
  if (!isObject(json))
    throw new IcebergError(`the catalog's answer for ${table} is no JSON`, 'BadFile', true);
  const file = json['metadata-location'];
  return {
    metadata: checkedMetadata(json['metadata'], `the metadata of ${table}`),
    file: typeof file === 'string' ? file : undefined,
  };
}
