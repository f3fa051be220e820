import type { Clock } from '../../env/clock.ts';
import type { HttpClient } from '../../env/http-client.ts';
import { StartError } from '../../env/start-error.ts';
import { AwsCalls, type AwsRequest } from '../../server/lambda/aws-calls.ts';
import { type Online, reasonOf } from '../user/online-transport.ts';

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
  return new AwsCalls({ host: base.host, region, credentials, clock, send });
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
