import { credentialsOf, type Surroundings } from '../user/user-place.ts';
import type { EndName } from './copy-request.ts';
import type { KinesisPlace } from './kinesis-end.ts';

/** Where an end is, and who asks. Rejects with `StartError` where there are no credentials. */
export async function placeOf(
  { place, profile }: EndName,
  surroundings: Surroundings,
): Promise<KinesisPlace> {
  const { variables, readFile } = surroundings;
  const credentials = await credentialsOf(surroundings, profile);
  const [, awsRegion] = /^aws:(.+)$/.exec(place) ?? [];
  const region = awsRegion ?? (variables['AWS_REGION'] || variables['AWS_DEFAULT_REGION'] || 'us-east-1');
  const endpoint = awsRegion === undefined ? place : `https://kinesis.${region}.${awsSuffix(region)}`;
  const bundle = variables['AWS_CA_BUNDLE'];
  return { endpoint, region, credentials, ca: bundle ? await readFile(bundle) : undefined };
}

/** AWS general reference, "Service endpoints". */
export function awsSuffix(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
