import { strict as assert } from 'node:assert';
import type { TableCatalogs } from '../../delivery/channel/channel-spec.ts';
import { Bounded } from '../../env/bounded.ts';
import type { Env } from '../../env/env.ts';
import { environmentVariable } from '../../env/environment.ts';
import type { ObjectStore } from '../../env/object-store.ts';
import type { CatalogSpec } from '../../iceberg/catalog-spec.ts';
import type { IcebergCatalog } from '../../iceberg/iceberg-table.ts';
import { openCatalog } from '../../iceberg/open-catalog.ts';
import type { RestWorld } from '../../iceberg/rest/rest-requests.ts';
import type { ServerOptions } from '../options.ts';
import { credentialsInVariables } from '../variables.ts';

/**
 * Where the tables of a table bucket are, by the setting `iceberg`: in the REST catalog that it names, as a
 * warehouse, or in a bucket of the same name, which is its catalog itself. S3 Tables asks for signatures, and
 * takes the ARN for the warehouse (S3 user guide, "Accessing tables using the Amazon S3 Tables Iceberg REST
 * endpoint"); elsewhere it is the name.
 */
export function tableCatalogs(iceberg: string | undefined): TableCatalogs {
  return (arn) => {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    if (iceberg === undefined) return { kind: 'bucket', bucket: name, prefix: '' };
    const signs = signsOf(iceberg);
    return { kind: 'rest', url: iceberg, warehouse: signs === 'sigv4' ? arn : name, signs };
  };
}

/** AWS's own catalogs want signatures. */
export function signsOf(url: string): 'sigv4' | 'none' {
  return /^(s3tables|glue)[.-]/.test(new URL(url).hostname) ? 'sigv4' : 'none';
}

/** Catalogs by what says where they are; what they lie in is in the store. */
export function openCatalogs(
  settings: Pick<ServerOptions, 'region'>,
  { clock, random, client }: Pick<Env, 'clock' | 'random' | 'client'>,
  objects: ObjectStore | undefined,
  credentials = credentialsInVariables(),
): (spec: CatalogSpec) => IcebergCatalog {
  const region = settings.region ?? 'us-east-1';
  const signing = credentials && { credentials, region };
  const bearer = bearerInVariables();
  // What a catalog has found out, and the token that it has, is for all who ask it.
  const opened = new Bounded<string, IcebergCatalog>(catalogsMax);
  return (spec) => {
    // Without a store nothing comes so far.
    assert(objects !== undefined);
    const key = JSON.stringify(spec);
    const catalog = opened.get(key) ?? openCatalog(spec, { clock, random, client, objects, signing, bearer });
    opened.set(key, catalog);
    return catalog;
  };
}

const catalogsMax = 256;

/** `ICEBERG_TOKEN`, or `ICEBERG_CREDENTIAL` as `id:secret`, which a token is given for. */
function bearerInVariables(): RestWorld['bearer'] {
  const token = environmentVariable('ICEBERG_TOKEN');
  if (token) return { token };
  const [clientId, clientSecret] = environmentVariable('ICEBERG_CREDENTIAL')?.split(/:(.*)/s) ?? [];
  return clientId && clientSecret ? { clientId, clientSecret } : undefined;
}
