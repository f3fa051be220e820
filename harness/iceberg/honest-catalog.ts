import type { ClientAnswer, ClientSend, HttpClient } from '../../src/env/http-client.ts';
import type { ObjectStore } from '../../src/env/object-store.ts';
import { formatLongJson, isSameLong, type Long, parseLongJson } from '../../src/iceberg/format/long-json.ts';
import { placeOf } from '../../src/iceberg/table-files.ts';

type Json = Readonly<Record<string, unknown>>;
type Table = { metadata: Json; file: string; version: number };

/**
 * What becomes of a request. `error after`: it is done, and status 500 comes; `error before`: nothing is
 * done, and status 503 comes; `late`: nobody answers, and it is done after the next request, if it then still
 * may be.
 */
export type CatalogFate = 'answered' | 'refused' | 'lost' | 'late' | 'error after' | 'error before';

/**
 * A REST catalog of Iceberg tables, as the specification has it: requirements are checked and updates made in
 * one step, and an update that does not fit the table is refused. It is written from the specification alone,
 * and shares no code with the commits that it judges. Its `send` is a client's; a server may ask `handle`.
 */
export class HonestCatalog implements HttpClient {
  readonly tables = new Map<string, Table>();
  readonly namespaces = new Set<string>();
  readonly requests: { method: string; path: string; headers: Readonly<Record<string, string>> }[] = [];
  fate: (method: string, path: string) => CatalogFate = () => 'answered';
  /** What `/v1/config` answers besides. */
  overrides: Readonly<Record<string, string>> = {};
  /** Status of a conflict: 409, but for catalogs that say it with 400. */
  statusOfConflict = 409;
  readonly #objects: ObjectStore;
  readonly #root: string;
  #late: (() => Promise<unknown>)[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #uuids = 0;

  /** `root` is where tables lie that nobody gave a place: `s3://bucket/prefix`. */
  constructor(objects: ObjectStore, root: string) {
    this.#objects = objects;
    this.#root = root;
  }

  async send({ method, url, headers, body }: ClientSend): Promise<ClientAnswer> {
    const { pathname, search } = new URL(url);
    await Promise.resolve();
    const fate = this.fate(method, pathname);
    this.requests.push({ method, path: pathname + search, headers });
    const act = () => this.handle(method, pathname, String(body));
    const late = this.#late.splice(0);
    try {
      if (fate === 'error before') return answerOf(errorOf(503, 'ServiceUnavailableException', 'later'));
      if (fate === 'answered') return answerOf(await act());
      if (fate === 'lost') await act();
      if (fate === 'late') this.#late.push(act);
      if (fate === 'error after') {
        await act();
        return answerOf(errorOf(500, 'CommitStateUnknownException', 'who knows'));
      }
    } finally {
      for (const one of late) await one();
    }
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  }

  /**
   * One request at a time, as if each were a transaction. `path` begins with `/v1/`, or a prefix before it.
   */
  async handle(method: string, path: string, body: string): Promise<Answer> {
    const turn = this.#turn.then(() => this.#handle(method, path, body));
    this.#turn = turn.catch(() => undefined);
    return await turn;
  }

  async #handle(method: string, path: string, body: string): Promise<Answer> {
    const parts = path
      .replace(/^.*?\/v1\//, '')
      .split('/')
      .map(decodeURIComponent);
    const at = parts.indexOf('namespaces');
    const [, namespace, , table] = at < 0 ? [] : parts.slice(at);
    const json = body === '' ? {} : objectIn(parseLongJson(body));
    if (parts.at(-1) === 'config') return { status: 200, json: { defaults: {}, overrides: this.overrides } };
    if (namespace === undefined) return this.#makeNamespace(method, json);
    if (parts.length - at === 2) return this.#namespace(namespace);
    const name = `${namespace}.${table ?? textIn(json, 'name')}`;
    if (table === undefined) return await this.#create(namespace, name, json);
    const found = this.tables.get(name);
    if (found === undefined) return errorOf(404, 'NoSuchTableException', `there is no ${name}`);
    if (method === 'GET') return answered(found);
    return method === 'POST'
      ? await this.#commit(name, found, json)
      : errorOf(400, 'BadRequestException', method);
  }

  #makeNamespace(method: string, json: Json): Answer {
    if (method === 'GET')
      return { status: 200, json: { namespaces: [...this.namespaces].map((name) => [name]) } };
    const name = listIn(json, 'namespace').join('.');
    if (this.namespaces.has(name)) return errorOf(409, 'AlreadyExistsException', `there is ${name}`);
    this.namespaces.add(name);
    return { status: 200, json: { namespace: [name], properties: {} } };
  }

  #namespace(name: string): Answer {
    if (!this.namespaces.has(name)) return errorOf(404, 'NoSuchNamespaceException', `there is no ${name}`);
    return { status: 200, json: { namespace: [name], properties: {} } };
  }

  async #create(namespace: string, name: string, json: Json): Promise<Answer> {
    if (!this.namespaces.has(namespace)) return this.#namespace(namespace);
    if (this.tables.has(name)) return errorOf(409, 'AlreadyExistsException', `there is ${name}`);
    this.#uuids += 1;
    const spec = objectIn(json['partition-spec'] ?? { 'spec-id': 0, fields: [] });
    const fields = listIn(spec, 'fields').map((field, index) => ({
      'field-id': 1000 + index,
      ...objectIn(field),
    }));
    const properties = { ...objectIn(json['properties'] ?? {}) };
    delete properties['format-version'];
    const metadata: Json = {
      'format-version': 2,
      'table-uuid': `00000000-0000-4000-8000-${String(this.#uuids).padStart(12, '0')}`,
      location: json['location'] ?? `${this.#root}/${namespace}/${name.slice(namespace.length + 1)}`,
      'last-sequence-number': 0,
      'last-updated-ms': 0,
      'last-column-id': lastIdIn(json['schema']),
      schemas: [{ ...objectIn(json['schema']), 'schema-id': 0 }],
      'current-schema-id': 0,
      'partition-specs': [{ 'spec-id': 0, fields }],
      'default-spec-id': 0,
      'last-partition-id': 999 + fields.length,
      properties,
      snapshots: [],
      'snapshot-log': [],
      'metadata-log': [],
      'sort-orders': [{ 'order-id': 0, fields: [] }],
      'default-sort-order-id': 0,
      refs: {},
    };
    return answered(await this.#keep(name, metadata, 0));
  }

  async #commit(name: string, table: Table, json: Json): Promise<Answer> {
    for (const requirement of listIn(json, 'requirements').map(objectIn)) {
      const broken = brokenBy(table.metadata, requirement);
      if (broken !== undefined) return errorOf(this.statusOfConflict, 'CommitFailedException', broken);
    }
    let metadata = table.metadata;
    for (const update of listIn(json, 'updates').map(objectIn)) {
      const next = updated(metadata, update);
      if (typeof next === 'string') return errorOf(400, 'BadRequestException', next);
      metadata = next;
    }
    return answered(await this.#keep(name, metadata, table.version + 1));
  }

  async #keep(name: string, metadata: Json, version: number): Promise<Table> {
    const file = `${String(metadata['location'])}/metadata/${String(version).padStart(5, '0')}.metadata.json`;
    await this.#objects.put(placeOf(file), [Buffer.from(formatLongJson(metadata))]);
    const table = { metadata, file, version };
    this.tables.set(name, table);
    return table;
  }
}

export type Answer = { readonly status: number; readonly json: object };

function answered({ metadata, file }: Table): Answer {
  return { status: 200, json: { 'metadata-location': file, metadata, config: {} } };
}

function errorOf(status: number, type: string, message: string): Answer {
  return { status, json: { error: { message, type, code: status } } };
}

export function answerOf({ status, json }: Answer): ClientAnswer {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: Buffer.from(formatLongJson(json)) };
}

/** What of a requirement does not hold; undefined where it does. */
function brokenBy(metadata: Json, requirement: Json): string | undefined {
  switch (requirement['type']) {
    case 'assert-table-uuid':
      return requirement['uuid'] === metadata['table-uuid'] ? undefined : 'it is another table';
    case 'assert-ref-snapshot-id': {
      const refs = objectIn(metadata['refs']);
      const ref = refs[textIn(requirement, 'ref')];
      const is = ref === undefined ? null : longIn(objectIn(ref), 'snapshot-id');
      const asserted = requirement['snapshot-id'] ?? null;
      return isSameLong(is, asserted === null ? null : longIn(requirement, 'snapshot-id'))
        ? undefined
        : `branch is at ${is}, not at ${String(asserted)}`;
    }
    default:
      // Of schemas and specs, which nothing here changes.
      return undefined;
  }
}

/** The metadata after an update, or why it does not fit. */
function updated(metadata: Json, update: Json): Json | string {
  const snapshots = listIn(metadata, 'snapshots').map(objectIn);
  switch (update['action']) {
    case 'add-snapshot':
      return withAdded(metadata, snapshots, objectIn(update['snapshot']));
    case 'set-snapshot-ref':
      return withRef(metadata, snapshots, update);
    case 'set-properties':
      return {
        ...metadata,
        properties: { ...objectIn(metadata['properties']), ...objectIn(update['updates']) },
      };
    case 'remove-properties': {
      const properties = { ...objectIn(metadata['properties']) };
      for (const key of listIn(update, 'removals')) delete properties[String(key)];
      return { ...metadata, properties };
    }
    case 'remove-snapshots': {
      const gone = new Set(listIn(update, 'snapshot-ids').map(String));
      return { ...metadata, snapshots: snapshots.filter((one) => !gone.has(String(one['snapshot-id']))) };
    }
    default:
      return `${String(update['action'])} is not known`;
  }
}

function withAdded(metadata: Json, snapshots: readonly Json[], snapshot: Json): Json | string {
  const id = longIn(snapshot, 'snapshot-id');
  const number = BigInt(longIn(snapshot, 'sequence-number'));
  const parent = snapshot['parent-snapshot-id'];
  const at = Number(snapshot['timestamp-ms']);
  if (snapshots.some((one) => isSameLong(longIn(one, 'snapshot-id'), id))) return `snapshot ${id} is there`;
  // Iceberg's own check: a snapshot that has a parent is after all that there were.
  if (parent !== undefined && number <= BigInt(longIn(metadata, 'last-sequence-number'))) {
    return `sequence number ${number} is not after ${String(metadata['last-sequence-number'])}`;
  }
  if (typeof snapshot['manifest-list'] !== 'string') return 'a snapshot has a manifest list';
  return {
    ...metadata,
    snapshots: [...snapshots, snapshot],
    'last-sequence-number': number,
    'last-updated-ms': Math.max(at, Number(metadata['last-updated-ms'])),
  };
}

function withRef(metadata: Json, snapshots: readonly Json[], update: Json): Json | string {
  const id = longIn(update, 'snapshot-id');
  const snapshot = snapshots.find((one) => isSameLong(longIn(one, 'snapshot-id'), id));
  if (snapshot === undefined) return `there is no snapshot ${id}`;
  const name = textIn(update, 'ref-name');
  const refs = { ...objectIn(metadata['refs']), [name]: { 'snapshot-id': id, type: textIn(update, 'type') } };
  if (name !== 'main') return { ...metadata, refs };
  const logged = { 'snapshot-id': id, 'timestamp-ms': snapshot['timestamp-ms'] };
  return {
    ...metadata,
    refs,
    'current-snapshot-id': id,
    'snapshot-log': [...listIn(metadata, 'snapshot-log'), logged],
  };
}

function lastIdIn(value: unknown): number {
  const ids = [...formatLongJson(value).matchAll(/"(?:element-|key-|value-)?id":(\d+)/g)];
  return Math.max(0, ...ids.map((match) => Number(match[1])));
}

function objectIn(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${String(value)} is no object`);
  return value as Json;
}

function listIn(json: Json, name: string): readonly unknown[] {
  const value = json[name] ?? [];
  if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
  return value;
}

function textIn(json: Json, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
  return value;
}

function longIn(json: Json, name: string): Long {
  const value = json[name];
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new TypeError(`${name} is no number`);
  return value;
}
