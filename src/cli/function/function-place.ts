import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import type { HttpClient } from '../../env/http-client.ts';
import { StartError } from '../../env/start-error.ts';
import { AwsCalls, type AwsPlace, type AwsRequest } from '../../server/lambda/aws-calls.ts';
import { type Online, reasonOf } from '../user/online-transport.ts';
import { nobody } from '../user/user-place.ts';

/** Calls of a server that runs. They reject with `StartError` when it cannot be reached. */
export function callsOf(online: Online, client: HttpClient, clock: Clock): AwsCalls {
  const { endpoint, region, credentials, ca } = online;
  const socketPath = endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;
  const base = new URL(socketPath === undefined ? endpoint : 'http://localhost/');
  const send = async ({ target, ...request }: AwsRequest, signal?: AbortSignal) => {
    try {
      return await client.send({ ...request, url: new URL(target, base).href, socketPath, ca }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = reasonOf(error as NodeJS.ErrnoException);
      throw new StartError(`cannot reach ${endpoint}: ${reason}`, { cause: error });
    }
  };
  return new AwsCalls({ host: base.host, region, credentials, clock, send: asNobody(credentials, send) });
}

/** Where nobody's credentials were refused, it helps to say that there were none. */
function asNobody(credentials: SigningCredentials, send: AwsPlace['send']): AwsPlace['send'] {
  if (credentials !== nobody) return send;
  return async (request, signal) => {
    const answer = await send(request, signal);
    if (answer.status !== 400 && answer.status !== 403) return answer;
    if (
      !/UnrecognizedClient|InvalidClientTokenId/.test(`${answer.headers['x-amzn-errortype']} ${answer.body}`)
    )
      return answer;
    throw new StartError(
      'the server verifies signatures, and there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
    );
  };
}

/** Throws `StartError` for a server that is not on this machine: it would read another machine's folder. */
export function requireNear(endpoint: string): void {
  if (endpoint.startsWith('unix:')) return;
  const { hostname } = new URL(endpoint);
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new StartError(
    `the folder is read by the server, which has to be on this machine; ${hostname} is not`,
  );
}
