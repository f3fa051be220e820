import type { ClientAnswer } from '../../env/http-client.ts';
import { textIn } from '../../wire/xml-parts.ts';
import type { BucketStyle, ObjectStoreSettings } from '../open-object-store.ts';

/** Where a bucket is asked for, and which region signatures name. */
export type BucketAddress = {
  readonly protocol: 'http:' | 'https:';
  /** With the port, without the bucket. */
  readonly host: string;
  /** Of the endpoint itself, without a slash at its end. */
  readonly path: string;
  readonly region: string;
  readonly style: BucketStyle | undefined;
};

export function addressOf({ url, region, style }: ObjectStoreSettings): BucketAddress {
  const { protocol, host, pathname } = new URL(url);
  return {
    protocol: protocol === 'http:' ? 'http:' : 'https:',
    path: pathname.replace(/\/+$/, ''),
    ...{ host, region, style },
  };
}

/** The host to connect to and to name, and the path and query to ask for. */
export function targetOf(
  address: BucketAddress,
  bucket: string,
  key: string,
  query: readonly (readonly [name: string, value: string])[],
): { readonly host: string; readonly target: string } {
  const { host, path } = address;
  const isInFront = isInHost(address, bucket);
  const object = key.split('/').map(escaped).join('/');
  const asked = query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
  return {
    host: isInFront ? `${bucket}.${host}` : host,
    target: `${path}${isInFront ? '' : `/${bucket}`}/${object}${asked === '' ? '' : `?${asked}`}`,
  };
}

/**
 * In front of the host where that is asked for, or is AWS's. A name with dots, or one that no host can have,
 * goes into the path all the same: no certificate covers it (S3 user guide, "Virtual hosting of buckets").
 */
function isInHost({ style, host, protocol }: BucketAddress, bucket: string): boolean {
  if (style === 'path' || (style === undefined && !awsHost.test(host))) return false;
  return /^[a-z0-9][a-z0-9.-]*$/.test(bucket) && (protocol === 'http:' || !bucket.includes('.'));
}

const awsHost = /\.amazonaws\.com(\.cn)?$/;

/** RFC 3986 §2.3: all but unreserved characters, as signatures have it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Where an answer says that the bucket is: in another region (301, and 400 where that is already wrong in the
 * signature), or for now at another host (307). Undefined where it says no such thing, or a host that is none
 * of the endpoint's: what is signed, and the object, go to nobody else.
 */
export function redirectedTo(
  { status, headers, body }: ClientAnswer,
  address: BucketAddress,
  bucket: string,
): { readonly address: BucketAddress; readonly isForGood: boolean } | undefined {
  if (![301, 307, 308, 400].includes(status)) return undefined;
  const region = headers['x-amz-bucket-region'] ?? textIn(body.toString('utf8'), 'Region');
  if (region !== undefined && /^[a-z0-9-]{1,64}$/.test(region) && region !== address.region) {
    const host = address.host.replace(regionalHost, `$1.${region}.$2`);
    return { address: { ...address, region, host }, isForGood: true };
  }
  const { location } = headers;
  if (status === 400 || location === undefined || !URL.canParse(location)) return undefined;
  const { protocol, host } = new URL(location);
  const bare = host.startsWith(`${bucket}.`) ? host.slice(bucket.length + 1) : host;
  const isKin =
    protocol === address.protocol && (kinOf(bare) === kinOf(address.host) || isBelow(bare, address.host));
  if (!isKin || bare === address.host) return undefined;
  return { address: { ...address, host: bare }, isForGood: false };
}

/** `s3.eu-west-1.amazonaws.com`, `s3.amazonaws.com`, `s3-fips.dualstack.us-east-1.amazonaws.com`, … */
const regionalHost =
  /^(s3(?:-fips)?(?:\.dualstack)?)(?:[.-][a-z]{2}(?:-[a-z]+)+-\d+)?\.(amazonaws\.com(?:\.cn)?)$/;

function kinOf(host: string): string {
  return awsHost.exec(host)?.[0] ?? host;
}

function isBelow(host: string, above: string): boolean {
  return host.endsWith(`.${above}`);
}
