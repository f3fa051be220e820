import { fileURLToPath } from 'node:url';
import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import { SchemaError } from '../../delivery/schema/schema-error.ts';
import type { SchemaSource } from '../../delivery/schema/schema-source.ts';
import type { Clock } from '../../env/clock.ts';
import type { Disk } from '../../env/disk.ts';
import type { HttpClient } from '../../env/http-client.ts';
import { FolderSchemas } from './folder-schemas.ts';
import { GlueSchemas } from './glue-schemas.ts';

export type SchemasWorld = {
  readonly clock: Clock;
  readonly client: HttpClient;
  /** A folder of this machine, by its absolute path. */
  readonly diskAt: (folder: string) => Disk;
  /** With which Glue is asked; undefined without any. */
  readonly credentials: SigningCredentials | undefined;
};

/**
 * Schemas and tables as the setting `schemas` says: `file:///DIR`, with `REGISTRY/SCHEMA.json` and
 * `DATABASE/TABLE.json` in it, or the endpoint of a Glue. Nothing is asked yet.
 */
export function openSchemas(url: string, world: SchemasWorld): SchemaSource {
  if (!url.startsWith('file:')) return new GlueSchemas(url, world);
  return new FolderSchemas(world.diskAt(fileURLToPath(url)));
}

/** Where nothing says where they are. */
export const noSchemas: SchemaSource = {
  schemaOf: refuse,
  columnsOf: refuse,
};

async function refuse(): Promise<never> {
  throw new SchemaError('It is not said where schemas are: --schemas says so.');
}
