import { BucketCatalog } from './bucket/bucket-catalog.ts';
import type { CatalogSpec } from './catalog-spec.ts';
import type { CommitWorld } from './commit/append.ts';
import type { IcebergCatalog } from './iceberg-table.ts';
import { RestCatalog } from './rest/rest-catalog.ts';
import type { RestWorld } from './rest/rest-requests.ts';

export type CatalogWorld = CommitWorld & RestWorld;

/** Nothing is asked of it before its first use. */
export function openCatalog(spec: CatalogSpec, world: CatalogWorld): IcebergCatalog {
  switch (spec.kind) {
    case 'bucket':
      return new BucketCatalog(world, spec);
    case 'rest':
      return new RestCatalog(world, spec);
  }
}
