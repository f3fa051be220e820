import { CallError, errorOf } from './call-error.ts';
import { config } from './config.ts';
import { learnClock, serverNow } from './server-clock.ts';
import { endSession, signerOf } from './session.ts';
import { queryText, signedHeaders, type Unsigned } from './sigv4.ts';

export type Sent = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
};

export type SignedSent = Sent & Pick<Unsigned, 'path' | 'query'>;

/** Sends a request, and answers the body. Rejects with `CallError`. */
export async function send(path: string, sent: Sent): Promise<string> {
  return await textOf(await fetched(path, sent));
}

/** The same, signed for a service. */
export async function sendSigned(scope: string, sent: SignedSent): Promise<string> {
  return await textOf(await openSigned(scope, sent));
}

/**
 * The answer to a signed request, its body unread. One that was refused because of the time is signed anew by
 * the server's clock. Whose signature counts no more is signed out.
 */
export async function openSigned(scope: string, sent: SignedSent): Promise<Response> {
  const answer = await fetchSigned(scope, sent);
  if (answer.ok) return answer;
  const error = await refusalOf(answer);
  if (!isAboutTime(error)) return refuse(error);
  learnClock(answer);
  const again = await fetchSigned(scope, sent);
  return again.ok ? again : refuse(await refusalOf(again));
}

function fetchSigned(scope: string, sent: SignedSent): Promise<Response> {
  const { path, query } = sent;
  const now = serverNow();
  const signer = signerOf(scope, now);
  if (signer === undefined) return refuse(new CallError('NotSignedIn', '', 0));
  const headers = signedHeaders({ ...sent, headers: { ...sent.headers, host: location.host } }, signer, now);
  return fetched(query.length === 0 ? path : `${path}?${queryText(query)}`, { ...sent, headers });
}

async function fetched(path: string, { method, headers, body, signal }: Sent): Promise<Response> {
  try {
    return await fetch(path, {
      ...{ method, headers, body: body === '' ? null : body, signal: signal ?? null },
      ...{ cache: 'no-store', credentials: 'omit', redirect: 'error' },
    });
  } catch (error) {
    // What fetch rejects with where no answer came, for whatever reason (Fetch standard, "network error").
    if (error instanceof TypeError) throw unreachable();
    throw error;
  }
}

async function textOf(answer: Response): Promise<string> {
  if (!answer.ok) throw await refusalOf(answer);
  try {
    return await answer.text();
  } catch (error) {
    if (error instanceof TypeError) throw unreachable();
    throw error;
  }
}

/** Where a connection was not to be had, or broke. */
export function unreachable(): CallError {
  return new CallError('Unreachable', '', 0);
}

async function refusalOf(answer: Response): Promise<CallError> {
  return errorOf(answer.status, answer.headers.get('x-amzn-errortype'), await answer.text());
}

function isAboutTime({ code, message }: CallError): boolean {
  return code.startsWith('InvalidSignature') || code === 'SignatureDoesNotMatch'
    ? /expired|not yet current|Date in Credential/.test(message)
    : false;
}

/** Only where one has to sign in does a refused signature sign out. */
function refuse(error: CallError): Promise<never> {
  if (config.value?.Signed === true && signingCodes.test(error.code)) endSession(error.message);
  return Promise.reject(error);
}

const signingCodes =
  /^(?:NotSignedIn|UnrecognizedClientException|InvalidClientTokenId|ExpiredToken(?:Exception)?|InvalidSignature(?:Exception)?|SignatureDoesNotMatch|MissingAuthenticationToken(?:Exception)?|IncompleteSignature(?:Exception)?)$/;
