import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpResponse } from '../env/network.ts';
import { secretPlace } from '../env/secret-place.ts';
import { readSecret } from '../env/secret-source.ts';
import { StartError } from '../env/start-error.ts';
import type { PageAsked } from '../rpc/page.ts';
import { listenerForm, type MetricsOptions } from './metrics-options.ts';

/** The answer to who may not see metrics; undefined for who may. */
export type MetricsAccess = (asked: PageAsked) => HttpResponse | undefined;

/**
 * Who may see metrics: they name streams, operations and readers, so on a server that verifies signatures
 * nobody may unless its operator says who. Rejects with `StartError` when the token cannot be used.
 */
export async function metricsAccess(
  { metrics }: Pick<MetricsOptions, 'metrics'>,
  isSigned: boolean,
): Promise<MetricsAccess> {
  const access = metrics ?? (isSigned ? 'off' : 'on');
  if (access === 'on') return () => undefined;
  const [, listener] = listenerForm.exec(access) ?? [];
  if (listener !== undefined) return (asked) => (asked.listener === listener ? undefined : refused);
  if (!secretPlace.test(access)) return () => refused;
  const token = digestOf(await tokenIn(access));
  return ({ authorization = '' }) => {
    const [, shown] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
    const isRight = shown !== undefined && timingSafeEqual(digestOf(shown), token);
    return isRight ? undefined : unauthorized;
  };
}

/** A bearer token as RFC 6750 §2.1 has it. */
async function tokenIn(source: string): Promise<string> {
  const { text, where } = await readSecret('metrics', source);
  const token = text.trim();
  if (token.length < tokenLengthMin || !/^[A-Za-z0-9._~+/-]+=*$/.test(token)) {
    const form = `at least ${tokenLengthMin} letters, digits and ._~+/-`;
    throw new StartError(
      `--metrics: ${where} must hold a token of ${form}, such as of 'openssl rand -hex 32'`,
    );
  }
  return token;
}

/** Shorter ones can be guessed over a network. */
const tokenLengthMin = 16;

/** Digests are of one length: how long a comparison takes says nothing of the token. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function refusal(status: number, body: string, headers: HttpResponse['headers'] = {}): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body };
}

const refused = refusal(
  403,
  'Metrics are not for everybody here: --metrics on, listener:NAME, or a source of a token says who may see them.\n',
);

// RFC 9110 §11.6.1, RFC 6750 §3.
const unauthorized = refusal(401, 'Metrics take a bearer token here.\n', {
  'WWW-Authenticate': 'Bearer realm="metrics"',
});
