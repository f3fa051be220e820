import { uuid } from '../../env/random.ts';
import type { RestCatalogSpec } from '../catalog-spec.ts';
import type { CommitWorld } from '../commit/append.ts';
import { creatorProperty, isOwnTable } from '../commit/creator.ts';
import { LoadedTable } from '../commit/loaded-table.ts';
import { isObject } from '../format/avro-schema.ts';
import { specJsonOf } from '../format/partition-spec.ts';
import { schemaJsonOf } from '../format/schema-json.ts';
import {
  type IcebergCatalog,
  IcebergError,
  type IcebergTable,
  type NewTable,
  type TableName,
} from '../iceberg-table.ts';
import { isPassing, refusalOf } from './rest-error.ts';
import { type RestAnswer, RestRequests, type RestWorld } from './rest-requests.ts';
import { heldIn, RestTable } from './rest-table.ts';

/**
 * A catalog that is asked over HTTP (Apache Iceberg's specification of REST catalogs). S3 Tables' endpoint is
 * one, with signed requests and a table bucket's ARN as its warehouse.
 */
export class RestCatalog implements IcebergCatalog {
  readonly #world: CommitWorld & RestWorld;
  readonly #spec: RestCatalogSpec;
  #place: Promise<CatalogPlace> | undefined;

  constructor(world: CommitWorld & RestWorld, spec: RestCatalogSpec) {
    this.#world = world;
    this.#spec = spec;
  }

  async load(name: TableName, signal?: AbortSignal): Promise<IcebergTable | undefined> {
    const home = await this.#homeOf(name, signal);
    const held = await home.load(undefined, signal);
    return held === undefined ? undefined : new LoadedTable(this.#world, home, held);
  }

  async create(name: TableName, request: NewTable, signal?: AbortSignal): Promise<IcebergTable> {
    const home = await this.#homeOf(name, signal);
    // A request whose answer is lost is known again by what it called itself.
    const creator = request.properties?.[creatorProperty] ?? uuid(this.#world.random);
    const own = { ...request, properties: { ...request.properties, [creatorProperty]: creator } };
    const held = await this.#created(name, own, signal);
    if (held !== undefined) return new LoadedTable(this.#world, home, held);
    const found = await home.load(undefined, signal);
    if (found !== undefined && isOwnTable(found, own)) return new LoadedTable(this.#world, home, found);
    if (found !== undefined)
      throw new IcebergError(`${name.table} is a table already`, 'AlreadyExists', false);
    throw new IcebergError(`it is not known whether ${name.table} was made`, 'CommitStateUnknown', true);
  }

  /** Undefined where it is there already, or may be. */
  async #created(name: TableName, request: NewTable, signal?: AbortSignal) {
    const body = {
      name: name.table,
      location: request.location,
      schema: schemaJsonOf(request.schema, 0),
      'partition-spec': specJsonOf(request.partition, request.schema),
      'stage-create': false,
      properties: { 'format-version': '2', ...request.properties },
    };
    let answer = await this.#tried(name, body, signal);
    if (answer?.status === 404) {
      await this.#makeNamespace(name.namespace, signal);
      answer = await this.#tried(name, body, signal);
    }
    if (answer === undefined || answer.status === 409 || isPassing(answer.status)) return undefined;
    if (answer.status !== 200) throw refusalOf(answer, `creating the table ${name.table}`);
    return heldIn(answer.json, name.table);
  }

  /** Undefined where nobody answered. */
  async #tried(
    { namespace }: TableName,
    body: object,
    signal?: AbortSignal,
  ): Promise<RestAnswer | undefined> {
    const { requests, prefix } = await this.#placed(signal);
    try {
      const path = `${prefix}namespaces/${encodeURIComponent(namespace)}/tables`;
      return await requests.send('POST', path, body, signal);
    } catch (error) {
      if (error instanceof IcebergError && error.code === 'Unreachable') return undefined;
      throw error;
    }
  }

  async #makeNamespace(namespace: string, signal?: AbortSignal): Promise<void> {
    const { requests, prefix } = await this.#placed(signal);
    const body = { namespace: [namespace], properties: {} };
    const answer = await requests.send('POST', `${prefix}namespaces`, body, signal);
    const isThere = answer.status === 200 || answer.status === 409;
    if (!isThere) throw refusalOf(answer, `creating the namespace ${namespace}`);
  }

  async #homeOf(name: TableName, signal?: AbortSignal): Promise<RestTable> {
    const { requests, prefix } = await this.#placed(signal);
    return new RestTable(requests, prefix, name);
  }

  /** Asked for once: what the catalog says of itself. An answer that did not come is asked for again. */
  async #placed(signal?: AbortSignal): Promise<CatalogPlace> {
    this.#place ??= this.#configured(signal).catch((error: unknown) => {
      this.#place = undefined;
      throw error;
    });
    return await this.#place;
  }

  async #configured(signal?: AbortSignal): Promise<CatalogPlace> {
    const { url, warehouse } = this.#spec;
    const query = warehouse === undefined ? '' : `?warehouse=${encodeURIComponent(warehouse)}`;
    const requests = new RestRequests(this.#world, url, this.#spec.signs === 'sigv4');
    const json = await requests.ask('GET', `config${query}`, undefined, signal);
    if (!isObject(json)) throw new IcebergError(`${url} is no REST catalog`, 'Refused', false);
    const settings = { ...membersOf(json, 'defaults'), ...membersOf(json, 'overrides') };
    const { prefix, uri } = settings;
    const isElsewhere = typeof uri === 'string' && uri !== url;
    return {
      requests: isElsewhere ? new RestRequests(this.#world, uri, this.#spec.signs === 'sigv4') : requests,
      // As it comes: S3 Tables says an ARN, and says it escaped.
      prefix: typeof prefix === 'string' && prefix !== '' ? `${prefix}/` : '',
    };
  }
}

/** `prefix` ends in a slash, or is empty. */
type CatalogPlace = { readonly requests: RestRequests; readonly prefix: string };

function membersOf(json: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const members = json[name];
  return isObject(members) ? members : {};
}
