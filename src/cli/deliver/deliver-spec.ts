import type { DeliverySpec, DestinationSpec, JsonReading } from '../../delivery/delivery-spec.ts';
import type { CatalogSpec } from '../../iceberg/catalog-spec.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { StreamAddress } from '../../kinesis/arn.ts';
import { formatStreamArn } from '../../kinesis/arn.ts';
import { signsOf } from '../../server/delivery/table-catalogs.ts';
import type { DeliverRequest } from './deliver-request.ts';

export type DeliveredStream = {
  readonly address: StreamAddress;
  /** The stream's id. */
  readonly id: string;
};

/** What the delivery engine is to do. `schema` is of Parquet, where no columns were asked for. */
export function deliverSpecOf(
  request: DeliverRequest,
  { address, id: streamId }: DeliveredStream,
  id: string,
  schema: TableSchema | undefined,
): DeliverySpec {
  const { form, to, follows } = request;
  const arn = formatStreamArn(address);
  return {
    id,
    revision: '1',
    owner: { kind: 'once', ...address, arn, number: '1' },
    source: { stream: address, streamId, arn, start: { kind: 'TRIM_HORIZON' }, isOnce: !follows },
    buffering: { bytes: request.objectBytes, ms: objectMs },
    stages: {
      ...{ takesKplApart: true, isSchemaRegistry: false, decompresses: false },
      validity: form.kind === 'json' ? 'JSON' : undefined,
      delimiter: form.kind === 'json' || form.kind === 'text' ? newline : undefined,
    },
    destination: destinationOf(request, schema),
    errors: {
      ...{ bucket: to.bucket, compression: 'NONE' },
      names: namesOf(`${withoutExpressions(folderOf(to.prefix))}errors/!{firehose:error-output-type}/`),
    },
  };
}

/** An object of a stream that is followed ends so long after its first record. */
const objectMs = 300_000;

/** In base64. */
const newline = 'Cg==';

function destinationOf({ form, to }: DeliverRequest, schema: TableSchema | undefined): DestinationSpec {
  // What has expressions says all of it.
  const prefix = to.prefix.includes('!{') ? to.prefix : folderOf(to.prefix);
  const target = { bucket: to.bucket, compression: 'NONE', names: namesOf(prefix) } as const;
  switch (form.kind) {
    case 'text':
    case 'json': {
      const { compression } = form;
      return { kind: 's3', target: { ...target, compression }, form: { kind: 'text', compression } };
    }
    case 'parquet': {
      const columns = form.columns ?? schema ?? { fields: [] };
      const { compression } = form;
      return {
        kind: 's3',
        target,
        form: { kind: 'parquet', schema: columns, compression, reading: plainJson },
      };
    }
    case 'iceberg': {
      const { namespace, table, compression, columns, catalog } = form;
      const found = catalogOf(catalog, to);
      const described = { catalog: found, namespace, table, schema: columns, creates: 'if missing' } as const;
      return { kind: 'iceberg', tables: [described], compression, retryMs: foreverMs, reading: plainJson };
    }
  }
}

/** A warehouse is called as its bucket is. */
function catalogOf(url: string | undefined, { bucket, prefix }: DeliverRequest['to']): CatalogSpec {
  if (url === undefined) return { kind: 'bucket', bucket, prefix: prefix.replace(/\/$/, '') };
  return { kind: 'rest', url, warehouse: bucket, signs: signsOf(url) };
}

const foreverMs = Number.MAX_SAFE_INTEGER;

const plainJson: JsonReading = {
  ...{ isCaseInsensitive: false, columnOfKey: {}, dotsBecomeUnderscores: false, timestampFormats: [] },
};

function namesOf(prefix: string) {
  return { kind: 'firehose', prefix, extension: undefined, timeZone: 'UTC' } as const;
}

function folderOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** What has failed is found in one place. */
function withoutExpressions(prefix: string): string {
  const first = prefix.indexOf('!{');
  return first < 0 ? prefix : prefix.slice(0, prefix.lastIndexOf('/', first) + 1);
}
