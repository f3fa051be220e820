import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { invalidArgument } from '../errors.ts';
import type { UpdateInput } from '../shapes/update-shapes.ts';
import { refuseByName } from './created-destination.ts';
import { type Destination, destinationOf } from './destination.ts';
import { updateExtendedS3 } from './extended-s3-destination.ts';
import { updateHttp } from './http-destination.ts';
import { updateIceberg } from './iceberg-destination.ts';

/** The destination of a delivery stream with what a request says of it. Throws what is wrong with that. */
export function updatedDestination(stream: DeliveryStreamRecord, request: UpdateInput): Destination {
  refuseByName(request, 'Update');
  const { S3DestinationUpdate: s3, ExtendedS3DestinationUpdate: extended } = request;
  const { HttpEndpointDestinationUpdate: http, IcebergDestinationUpdate: iceberg } = request;
  const given = [s3, extended, http, iceberg].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw invalidArgument('Exactly one destination update configuration is supported for a Firehose');
  }
  const destination = destinationOf(stream);
  switch (destination.kind) {
    case 'extended-s3': {
      const update = extended ?? s3;
      if (update === undefined) throw changedKind('S3');
      return { ...destination, described: updateExtendedS3(destination.described, update) };
    }
    case 'http':
      if (http === undefined) throw changedKind('HttpEndpoint');
      return { ...destination, ...updateHttp(destination, http) };
    case 'iceberg':
      if (iceberg === undefined) throw changedKind('Iceberg');
      return { ...destination, described: updateIceberg(destination.described, iceberg) };
  }
}

const changedKind = (name: string) =>
  invalidArgument(`Changing the destination type to or from ${name} is not supported at this time.`);
