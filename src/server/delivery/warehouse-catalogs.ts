import type { SpecSettings } from '../../services/firehose/parts/destination-spec.ts';
import type { ServerOptions } from '../options.ts';
import { signsOf } from './table-catalogs.ts';

/**
 * Where the tables of Firehose's destinations are: in the REST catalog of the options, or in the bucket of
 * their warehouse, which is the catalog itself then.
 */
export function warehouseCatalogs({ iceberg }: Pick<ServerOptions, 'iceberg'>): SpecSettings['catalogOf'] {
  return ({ tableBucket, location, bucket, prefix }) =>
    iceberg === undefined
      ? { kind: 'bucket', bucket, prefix }
      : { kind: 'rest', url: iceberg, warehouse: tableBucket ?? location, signs: signsOf(iceberg) };
}
