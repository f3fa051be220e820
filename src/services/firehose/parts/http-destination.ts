import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument, unserved } from '../errors.ts';
import type { httpDestinationConfiguration, httpDestinationUpdate } from '../shapes/http-shapes.ts';
import type { HttpDescription } from './destination.ts';
import { describeProcessing } from './processors.ts';
import { describeHints, describeLogging, describeS3, updateS3 } from './s3-destination.ts';

/** What is described, and what is not: the access key. */
export type MadeHttp = { readonly described: HttpDescription; readonly secret?: string | undefined };

/** A destination as a request has it made, with its defaults. */
export function describeHttp(configuration: TypeOf<typeof httpDestinationConfiguration>): MadeHttp {
  const { EndpointConfiguration: endpoint, S3Configuration: s3, ...rest } = configuration;
  const { AccessKey: secret, ...described } = endpoint;
  const S3DestinationDescription = describeS3(s3);
  return {
    described: checked({ ...rest, EndpointConfiguration: described, S3DestinationDescription }),
    secret,
  };
}

/**
 * A destination with what an update says of it. Without an access key in it, the one that there is stays, but
 * not for an endpoint elsewhere: whoever may change where records go would be sent a secret of others.
 */
export function updateHttp(
  { described, secret }: MadeHttp,
  update: TypeOf<typeof httpDestinationUpdate>,
): MadeHttp {
  const { EndpointConfiguration: endpoint, S3Update: s3, ...rest } = update;
  const { AccessKey, ...place } = { ...described.EndpointConfiguration, AccessKey: undefined, ...endpoint };
  const merged = {
    ...described,
    ...rest,
    EndpointConfiguration: place,
    S3DestinationDescription: updateS3(described.S3DestinationDescription!, s3),
  };
  const isThere = originOf(place.Url) === originOf(described.EndpointConfiguration?.Url);
  return { described: checked(merged), secret: AccessKey ?? (isThere ? secret : undefined) };
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** The defaults are AWS's (Firehose API reference, HttpEndpointDestinationConfiguration and its parts). */
function checked(made: HttpDescription): HttpDescription {
  if (made.SecretsManagerConfiguration?.Enabled === true) throw unserved('AWS Secrets Manager');
  const names = made.RequestConfiguration?.CommonAttributes?.map(({ AttributeName }) => AttributeName) ?? [];
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw invalidArgument(`Http Endpoint Common Attributes have duplicate name ${twice}`);
  }
  const { RoleARN: role } = made;
  const place = { kind: 'http' as const, prefix: '', isPartitioned: false, role };
  const processing = describeProcessing(made.ProcessingConfiguration, place);
  return {
    ...made,
    BufferingHints: describeHints(made.BufferingHints),
    CloudWatchLoggingOptions: describeLogging(made.CloudWatchLoggingOptions),
    RequestConfiguration: { ContentEncoding: 'NONE', ...made.RequestConfiguration },
    RetryOptions: { DurationInSeconds: made.RetryOptions?.DurationInSeconds ?? retrySeconds },
    S3BackupMode: made.S3BackupMode ?? 'FailedDataOnly',
    ...(processing && { ProcessingConfiguration: processing }),
  };
}

const retrySeconds = 300;
