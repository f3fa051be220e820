import type { TableCatalogs } from '../../delivery/channel/channel-spec.ts';

/**
 * Where the tables of a table bucket are, by the setting `iceberg`: in the REST catalog that it names, as a
 * warehouse, or in a bucket of the same name, which is its catalog itself. S3 Tables asks for signatures, and
 * takes the ARN for the warehouse (S3 user guide, "Accessing tables using the Amazon S3 Tables Iceberg REST
 * endpoint"); elsewhere it is the name.
 */
export function tableCatalogs(iceberg: string | undefined): TableCatalogs {
  return (tableBucketArn) => {
    const name = tableBucketArn.slice(tableBucketArn.lastIndexOf('/') + 1);
    if (iceberg === undefined) return { kind: 'bucket', bucket: name, prefix: '' };
    const isS3Tables = /^s3tables[.-]/.test(new URL(iceberg).hostname);
    return {
      ...{ kind: 'rest', url: iceberg, warehouse: isS3Tables ? tableBucketArn : name },
      signs: isS3Tables ? 'sigv4' : 'none',
    };
  };
}
