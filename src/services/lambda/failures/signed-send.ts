import { signedHeaders } from '../../../access/sigv4/sign.ts';
import type { Millis } from '../../../env/clock.ts';
import type { ClientSend } from '../../../env/http-client.ts';
import { reasonOf, sendPatiently } from '../../../env/patient-send.ts';
import type { SaidError } from '../../../wire/xml-parts.ts';
import type { DestinationsWorld } from './destinations-world.ts';
import { DestinationError } from './tries.ts';

/** A request to another service of AWS's kind. */
export type ServiceRequest = {
  /** As signatures name it, and as the setting is called that says where it is. */
  readonly service: 'sqs' | 'sns';
  readonly region: string;
  /** Begins with a slash; what is in the endpoint's own path comes before it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type SendWorld = Pick<DestinationsWorld, 'clock' | 'client' | 'endpoints' | 'credentials'>;

/**
 * Signs a request and sends it, once. Rejects with a `DestinationError` when the service is nowhere, cannot
 * be reached, is silent for too long or refuses, then with the code and the message of `errorIn`.
 */
export async function sendSigned(
  world: SendWorld,
  request: ServiceRequest,
  errorIn: (body: string) => SaidError,
  signal: AbortSignal,
): Promise<void> {
  const { service } = request;
  const answer = await sendPatiently(world, signedRequest(world, request), patienceMs, signal).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new DestinationError(`${service} cannot be reached: ${reasonOf(error)}`, true);
    },
  );
  if (answer.status >= 200 && answer.status < 300) return;
  const { code, message } = errorIn(answer.body.toString('utf8', 0, errorBytesMax));
  const passes = answer.status >= 500 || answer.status === 429 || /throttl|slowdown|requestlimit/i.test(code);
  const said = [code, message].filter((text) => text !== '').join(': ');
  throw new DestinationError(`${service} answered ${answer.status} ${said}`, passes);
}

function signedRequest({ endpoints, credentials, clock }: SendWorld, request: ServiceRequest): ClientSend {
  const { service, region, path, body } = request;
  const method = 'POST';
  const endpoint = endpoints[service];
  if (endpoint === undefined)
    throw new DestinationError(`There is no ${service}: --${service} says where it is`);
  if (credentials === undefined) {
    throw new DestinationError(
      `${service} is asked with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set`,
    );
  }
  const { host, origin, pathname } = new URL(endpoint);
  const target = pathname.replace(/\/+$/, '') + path;
  const unsigned = { method, target, headers: { ...request.headers, host }, body };
  const headers = signedHeaders(unsigned, credentials, { region, service }, clock.now());
  return { method, url: origin + target, headers, body };
}

const patienceMs: Millis = 10_000;

/** Of an answer that refuses. */
const errorBytesMax = 16 * 1024;
