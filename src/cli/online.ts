import type { SigningCredentials } from '../access/sigv4/sign.ts';
import { StartError } from '../env/start-error.ts';
import { defaultOptions } from '../server/options.ts';
import type { Surroundings } from './surroundings.ts';

/** A server that runs, or AWS. */
export type OnlineServer = {
  /** `http://…`, `https://…`, or `unix:` and the path of a socket. */
  readonly endpoint: string;
  /** Whose signatures it takes. */
  readonly region: string;
  /** Certificates that alone are trusted, in PEM. */
  readonly ca: string | undefined;
};

/** A server that runs, and who calls it. */
export type Online = OnlineServer & { readonly credentials: SigningCredentials };

/** A well-formed pair of keys that belongs to nobody. */
export const nobody: SigningCredentials = { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' };

/** The services that commands call, as AWS names their hosts. */
export type ServiceName = 'kinesis' | 'kms' | 'iam' | 'lambda' | 'firehose' | 'monitoring';

/**
 * The server that is named, else that of the variables, else one as it starts on this machine (AWS SDKs and
 * Tools reference guide, "Service-specific endpoints"). Rejects with `StartError` for a place that is none.
 */
export async function serverAt(
  named: string | undefined,
  { variables, readFile }: Surroundings,
  service: ServiceName,
): Promise<OnlineServer> {
  const place =
    named ??
    (variables[`AWS_ENDPOINT_URL_${variableOf[service]}`] || variables['AWS_ENDPOINT_URL'] || usualEndpoint);
  requirePlace('endpoint', place);
  const bundle = variables['AWS_CA_BUNDLE'];
  const ca = bundle ? await readFile(bundle) : undefined;
  const [, region] = /^aws:(.*)$/.exec(place) ?? [];
  if (region !== undefined) return { ...awsServer(service, region), ca };
  const own = variables['AWS_REGION'] || variables['AWS_DEFAULT_REGION'] || 'us-east-1';
  return { endpoint: place, region: own, ca };
}

/** Throws `StartError` for what names no server. */
export function requirePlace(flag: string, place: string): void {
  if (/^aws:[a-z0-9-]+$/.test(place) || /^unix:./.test(place)) return;
  if (/^https?:\/\/./.test(place) && URL.canParse(place)) return;
  throw new StartError(
    `--${flag} must be a URL such as ${usualEndpoint}, unix:PATH, or aws:REGION, not '${place}'`,
  );
}

/** Whether a server is on this machine. */
export function isNear(endpoint: string): boolean {
  if (endpoint.startsWith('unix:')) return true;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}

/** What the hosts of AWS in a region end with (AWS general reference, "Service endpoints"). */
export function awsSuffix(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

const usualEndpoint = `http://${defaultOptions.host}:${defaultOptions.port}`;

/** As variables of endpoints end; CloudWatch's is not named as its host is. */
const variableOf: Readonly<Record<ServiceName, string>> = {
  ...{ kinesis: 'KINESIS', kms: 'KMS', iam: 'IAM', lambda: 'LAMBDA', firehose: 'FIREHOSE' },
  monitoring: 'CLOUDWATCH',
};

function awsServer(service: ServiceName, region: string): Omit<OnlineServer, 'ca'> {
  if (service === 'iam') return iamOf(region);
  return { endpoint: `https://${service}.${region}.${awsSuffix(region)}`, region };
}

/** One for all regions of a partition (AWS general reference, "IAM endpoints and quotas"). */
function iamOf(region: string): Omit<OnlineServer, 'ca'> {
  if (region.startsWith('cn-'))
    return { endpoint: 'https://iam.cn-north-1.amazonaws.com.cn', region: 'cn-north-1' };
  if (region.startsWith('us-gov-'))
    return { endpoint: 'https://iam.us-gov.amazonaws.com', region: 'us-gov-west-1' };
  return { endpoint: 'https://iam.amazonaws.com', region: 'us-east-1' };
}
