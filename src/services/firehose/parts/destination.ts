import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import type { httpDestinationDescription } from '../shapes/http-shapes.ts';
import type { icebergDestinationDescription } from '../shapes/iceberg-shapes.ts';
import type { extendedS3DestinationDescription, s3DestinationDescription } from '../shapes/s3-shapes.ts';

export type S3Description = TypeOf<typeof s3DestinationDescription>;
export type ExtendedS3Description = TypeOf<typeof extendedS3DestinationDescription>;
export type HttpDescription = TypeOf<typeof httpDestinationDescription>;
export type IcebergDescription = TypeOf<typeof icebergDestinationDescription>;

/** A destination as it is described. */
export type Destination =
  | { readonly kind: 'extended-s3'; readonly described: ExtendedS3Description }
  | { readonly kind: 'http'; readonly described: HttpDescription; readonly secret?: string | undefined }
  | { readonly kind: 'iceberg'; readonly described: IcebergDescription };

/**
 * The destination of a delivery stream; its journal keeps it as one of these and says no more of its type.
 */
export function destinationOf({ destination }: Pick<DeliveryStreamRecord, 'destination'>): Destination {
  const { kind, described, secret } = destination;
  switch (kind) {
    case 'extended-s3':
      return { kind, described: described as ExtendedS3Description };
    case 'http':
      return { kind, described: described as HttpDescription, secret };
    case 'iceberg':
      return { kind, described: described as IcebergDescription };
  }
}
