import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import type { GlueColumn } from '../../delivery/schema/glue-columns.ts';
import { SchemaError } from '../../delivery/schema/schema-error.ts';
import type { GlueTable, SchemaSource } from '../../delivery/schema/schema-source.ts';
import type { Clock } from '../../env/clock.ts';
import type { ClientAnswer, HttpClient } from '../../env/http-client.ts';
import { columnsIn, schemaIn } from './glue-answers.ts';
import { parseSchemaArn } from './schema-arn.ts';

type GlueWorld = {
  readonly clock: Clock;
  readonly client: HttpClient;
  readonly credentials: SigningCredentials | undefined;
};

/** Schemas and tables of AWS Glue, or of what speaks like it: JSON 1.1, signed. */
export class GlueSchemas implements SchemaSource {
  readonly #url: URL;
  readonly #world: GlueWorld;

  constructor(url: string, world: GlueWorld) {
    this.#url = new URL(url);
    this.#world = world;
  }

  async schemaOf(arn: string, signal?: AbortSignal): Promise<unknown> {
    const { region } = parseSchemaArn(arn);
    const what = `the schema ${arn}`;
    const input = { SchemaId: { SchemaArn: arn }, SchemaVersionNumber: { LatestVersion: true } };
    return schemaIn(await this.#call('GetSchemaVersion', input, region, what, signal), what);
  }

  async columnsOf(named: GlueTable, signal?: AbortSignal): Promise<readonly GlueColumn[]> {
    const { database, table, catalogId, region, version } = named;
    const what = `the table ${database}.${table}`;
    const about = { CatalogId: catalogId, DatabaseName: database };
    if (version === undefined || version === 'LATEST') {
      const input = { ...about, Name: table };
      return columnsIn(await this.#call('GetTable', input, region, what, signal), what);
    }
    const input = { ...about, TableName: table, VersionId: version };
    const answer = await this.#call('GetTableVersion', input, region, what, signal);
    return columnsIn(tableVersionIn(answer), what);
  }

  async #call(
    operation: string,
    input: object,
    region: string,
    what: string,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { client, clock, credentials } = this.#world;
    const { host, pathname, search } = this.#url;
    const target = `${pathname}${search}`;
    const body = JSON.stringify(input);
    const plain = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSGlue.${operation}`,
    };
    const unsigned = { method: 'POST', target, headers: plain, body };
    const headers =
      credentials === undefined
        ? plain
        : signedHeaders(unsigned, credentials, { region, service: 'glue' }, clock.now());
    const answer = await client.send({ method: 'POST', url: this.#url.href, headers, body }, signal);
    return answered(answer, operation, what);
  }
}

/** What passes is no `SchemaError`: throttling, and what is the server's. */
function answered({ status, body }: ClientAnswer, operation: string, what: string): unknown {
  const text = String(body);
  if (status === 200) return parsed(text, operation, what);
  const said = `Glue's ${operation} of ${what} answered ${status}: ${text.slice(0, shownMax)}`;
  const passes = status >= 500 || status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(text);
  throw passes ? new Error(said) : new SchemaError(said);
}

const shownMax = 500;

function parsed(text: string, operation: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SchemaError(`Glue's ${operation} of ${what} answered no JSON.`);
  }
}

function tableVersionIn(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'TableVersion') : undefined;
}
