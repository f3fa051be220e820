// This file has state: who is signed in in this tab, which every call is signed by.
import { computed, signal } from '@preact/signals';
import { hex, ofHex } from './sha256.ts';
import { dayKey, dayOf, type Signer } from './sigv4.ts';

const storageKey = 'millrace.session';

/** Who signs. It lasts as long as the tab, and as its keys: to the end of tomorrow. */
export type Session = {
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
  /** By the day, in hex: not the secret, which is not kept. */
  readonly dayKeys: Readonly<Record<string, string>>;
};

/** Undefined when nobody is. */
export const session = signal<Session | undefined>(keptSession());

/** The region that calls are signed for. */
export const region = signal('us-east-1');

/** Why somebody who was signed in is not any more: the server's words. */
export const endedBecause = signal<string | undefined>(undefined);

/** Whether the browser's certificate names a user, who need not sign in. */
export const isCertified = signal(false);

export const isSignedIn = computed(() => session.value !== undefined || isCertified.value);

/** What is typed in to sign in. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/**
 * Derives the keys of this day and the next, by the server's clock, and keeps them in place of the secret.
 */
export function sessionOf({ secretAccessKey, ...rest }: Credentials, now: number): Session {
  const days = [now, now + dayMs].map(dayOf);
  const dayKeys = Object.fromEntries(days.map((day) => [day, hex(dayKey(secretAccessKey, day))]));
  return { ...rest, dayKeys };
}

/** Has calls signed by a session from now on, in this tab, also after it is loaded again. */
export function beginSession(begun: Session): void {
  session.value = begun;
  endedBecause.value = undefined;
  sessionStorage.setItem(storageKey, JSON.stringify(begun));
}

/** Signs out; with a reason where nobody asked for that. */
export function endSession(reason?: string): void {
  session.value = undefined;
  endedBecause.value = reason;
  sessionStorage.removeItem(storageKey);
}

/** What signs a call for a session now. Undefined where its keys are of days that have passed. */
export function signerOf(
  { accessKeyId, sessionToken, dayKeys }: Session,
  service: string,
  now: number,
): Signer | undefined {
  const key = dayKeys[dayOf(now)];
  if (key === undefined) return undefined;
  return { accessKeyId, sessionToken, region: region.value, service, dayKey: ofHex(key) };
}

/**
 * Signs for nobody: a server that verifies no signatures still wants them well-formed, as AWS's SDKs send
 * them, and one that knows a client by its certificate does not compare them.
 */
export function signerOfNobody(service: string): Signer {
  return { accessKeyId: 'console', region: region.value, service, dayKey: new Uint8Array(32) };
}

const dayMs = 24 * 3_600_000;

/** Nothing that is not of its form counts: it may be another version's. */
function keptSession(): Session | undefined {
  const kept = globalThis.sessionStorage?.getItem(storageKey);
  if (kept === undefined || kept === null) return undefined;
  try {
    const read = JSON.parse(kept) as Partial<Session> | null;
    return typeof read?.accessKeyId === 'string' && typeof read.dayKeys === 'object'
      ? (read as Session)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
