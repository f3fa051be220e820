import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';
import type { HttpClient } from '../../http/client.ts';
import type { IamTransport } from './iam-client.ts';

/** A server that runs, and who calls it. */
export type Online = {
  /** `http://…`, `https://…`, or `unix:` and the path of a socket. */
  readonly endpoint: string;
  readonly credentials: SigningCredentials;
  readonly region: string;
  /** Certificates that alone are trusted, in PEM. */
  readonly ca: string | undefined;
};

/** Signs what it sends. */
export function onlineTransport(online: Online, client: HttpClient, clock: Clock): IamTransport {
  const { endpoint, credentials, region, ca } = online;
  const socketPath = endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;
  const url = new URL(socketPath === undefined ? endpoint : 'http://localhost/');
  return {
    async send(body) {
      const target = url.pathname + url.search;
      const headers = { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const scope = { region, service: 'iam' };
      const signed = signedHeaders(
        { method: 'POST', target, headers, body },
        credentials,
        scope,
        clock.now(),
      );
      const request = { method: 'POST', url: url.href, headers: signed, body, socketPath, ca };
      try {
        const answer = await client.send(request);
        return { status: answer.status, body: String(answer.body) };
      } catch (error) {
        throw new StartError(`cannot reach ${endpoint}: ${reasonOf(error as NodeJS.ErrnoException)}`, {
          cause: error,
        });
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** What helps where OpenSSL's own words do not (Node.js documentation, "TLS/SSL errors"). */
export function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
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
