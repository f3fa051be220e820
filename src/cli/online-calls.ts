import type { SigningCredentials } from '../access/sigv4/sign.ts';
import type { Clock } from '../env/clock.ts';
import type { ClientSend, HttpClient } from '../env/http-client.ts';
import { StartError } from '../env/start-error.ts';
import { AwsCalls, type AwsPlace } from '../server/lambda/aws-calls.ts';
import { nobody, type Online, type OnlineServer } from './online.ts';

/** How calls are sent, where it is not the client's own way. */
export type Sending = Pick<ClientSend, 'timeoutMs' | 'keepAlive'>;

/** Calls of a server that runs. They reject with `StartError` when it cannot be reached. */
export function callsOf(online: Online, client: HttpClient, clock: Clock, sending: Sending = {}): AwsCalls {
  const { region, credentials } = online;
  const { host, send } = wayTo(online, client, sending);
  return new AwsCalls({ host, region, credentials, clock, send: asNobody(credentials, send) });
}

/** How a server is named and reached. What is sent rejects with `StartError` when it cannot be. */
export function wayTo(
  { endpoint, ca }: OnlineServer,
  client: HttpClient,
  sending: Sending = {},
): Pick<AwsPlace, 'host' | 'send'> {
  const socketPath = endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;
  const base = new URL(socketPath === undefined ? endpoint : 'http://localhost/');
  return {
    host: base.host,
    send: async ({ target, ...request }, signal) => {
      const url = new URL(target, base).href;
      try {
        return await client.send({ ...request, url, socketPath, ca, ...sending }, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const reason = reasonOf(error as NodeJS.ErrnoException);
        throw new StartError(`cannot reach ${endpoint}: ${reason}`, { cause: error });
      }
    },
  };
}

/** What helps where OpenSSL's own words do not (Node.js documentation, "TLS/SSL errors"). */
function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
    return 'it asks clients for a certificate, which this command has none of; a Unix socket of the server asks for none';
  return untrusted.has(code)
    ? `its certificate is not trusted (${code}); AWS_CA_BUNDLE names one that is, such as GET /ca.pem answers`
    : message;
}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

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
