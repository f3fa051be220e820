/**
 * `rest`: an Iceberg REST catalog and its warehouse. `bucket`: metadata in a bucket, which is the catalog
 * itself.
 */
export type CatalogSpec = RestCatalogSpec | BucketCatalogSpec;

export type RestCatalogSpec = {
  readonly kind: 'rest';
  readonly url: string;
  readonly warehouse: string | undefined;
  readonly signs: 'sigv4' | 'none';
};

export type BucketCatalogSpec = { readonly kind: 'bucket'; readonly bucket: string; readonly prefix: string };
