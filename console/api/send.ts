import { CallError, errorOf } from './call-error.ts';
import { config } from './config.ts';
import { learnClock, serverNow } from './server-clock.ts';
import { endSession, type Session, session, signerOf, signerOfNobody } from './session.ts';
import { queryText, type Signer, signedHeaders, type Unsigned } from './sigv4.ts';

export type Sent = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
};

export type SignedSent = Sent &
  Pick<Unsigned, 'path' | 'query'> & {
    /** Who signs it, where it is not who is signed in. */
    readonly as?: Session | undefined;
  };

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
  if (!isAboutTime(error)) throw ended(error, sent);
  const again = await fetchSigned(scope, sent);
  if (again.ok) return again;
  throw ended(await refusalOf(again), sent);
}

async function fetchSigned(scope: string, sent: SignedSent): Promise<Response> {
  const { path, query } = sent;
  const now = serverNow();
  const signer = signerNow(scope, now, sent.as ?? session.peek());
  if (signer === undefined) throw ended(new CallError('NotSignedIn', '', 0), sent);
  const headers = signedHeaders({ ...sent, headers: { ...sent.headers, host: location.host } }, signer, now);
  return await fetched(query.length === 0 ? path : `${path}?${queryText(query)}`, { ...sent, headers });
}

async function fetched(path: string, { method, headers, body, signal }: Sent): Promise<Response> {
  try {
    const answer = await fetch(path, {
      ...{ method, headers, body: body === '' ? null : body, signal: signal ?? null },
      ...{ cache: 'no-store', credentials: 'same-origin', redirect: 'error' },
    });
    learnClock(answer);
    return answer;
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
function ended(error: CallError, { as }: SignedSent): CallError {
  const isRefused = config.peek()?.Signed === true && signingCodes.test(error.code);
  if (isRefused && as === undefined && session.peek() !== undefined) endSession(error.message);
  return error;
}

function signerNow(scope: string, now: number, signing: Session | undefined): Signer | undefined {
  return signing === undefined ? signerOfNobody(scope) : signerOf(signing, scope, now);
}

const signingCodes =
  /^(?:NotSignedIn|UnrecognizedClientException|InvalidClientTokenId|ExpiredToken(?:Exception)?|InvalidSignature(?:Exception)?|SignatureDoesNotMatch|MissingAuthenticationToken(?:Exception)?|IncompleteSignature(?:Exception)?)$/;
