import { type Credentials, parseCredentials } from '../access/credentials.ts';
import type { Authenticate } from '../api/dispatch.ts';
import type { Clock } from '../env/clock.ts';
import type { Recognize } from '../env/network.ts';
import { createGlance, createVerifier } from '../wire/sigv4.ts';
import type { ServerOptions } from './options.ts';
import { StartError } from './start-error.ts';
import { readUserFile } from './user-file.ts';

/**
 * The text of the credentials file, which is good; undefined without one. Without credentials anybody may do anything, so
 * only this machine may ask.
 */
export async function loadCredentials({
  credentials: path,
  host,
}: ServerOptions): Promise<string | undefined> {
  if (path === undefined) {
    if (isLoopback(host)) return undefined;
    throw new StartError(`without --credentials only a loopback address can be served, not ${host}`);
  }
  try {
    const text = String(await readUserFile(path));
    parseCredentials(text);
    return text;
  } catch (error) {
    throw new StartError(`cannot read the credentials in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Recognizes by a request's head who may have signed it, by the same text: how it decides about large bodies, see `Recognize`. */
export function recognizeWith(
  text: string | undefined,
  { region }: Pick<ServerOptions, 'region'>,
  clock: Clock,
): Recognize {
  const keys = text === undefined ? undefined : parseCredentials(text);
  const glance = createGlance({ keys, regions: region === undefined ? undefined : [region] });
  return (head) => glance(head, clock.now());
}

/** Verifies signatures by the text of a credentials file; without one, that they are well-formed. */
export function authenticateWith(text: string | undefined, { region, account }: ServerOptions): Authenticate {
  const credentials: Credentials | undefined = text === undefined ? undefined : parseCredentials(text);
  const regions = region === undefined ? undefined : [region];
  const verify = createVerifier({ keys: credentials, regions });
  return (request, headers, now) => {
    const verified = verify(request, now, headers);
    const user = credentials?.find(verified.accessKeyId);
    return {
      account: user?.account ?? account,
      region: verified.region,
      user: user?.user ?? verified.accessKeyId,
    };
  };
}
