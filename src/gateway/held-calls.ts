import type { Duty } from '../cluster/members.ts';
import type { Clock, Millis } from '../env/clock.ts';
import type { HttpResponse } from '../env/network.ts';
import { UnavailableError } from '../log/log.ts';
import type { VerifiedCall } from '../rpc/dispatch.ts';
import { remoteOwner } from './forwarding.ts';
import type { Peers } from './peers.ts';

/**
 * Calls of services whose state is in one gateway at a time, which holds the duty for it. What is answered
 * was so while the duty was certain. When its holder is gone, calls wait until another one has the duty.
 */
export class HeldCalls {
  readonly #duty: Duty;
  readonly #peers: Pick<Peers, 'linkTo'>;
  readonly #clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly #refresh: () => Promise<unknown>;
  /** The term that the state was brought up to date for. */
  #term = Number.NaN;
  #refreshed: Promise<unknown> = Promise.resolve();
  readonly #waiting = { calls: 0, bytes: 0 };
  #look: Promise<void> | undefined;

  /** `refresh` resolves when all is known here that any gateway had committed to the state before. */
  constructor({ duty, peers, clock, refresh }: HeldCallsParts) {
    this.#duty = duty;
    this.#peers = peers;
    this.#clock = clock;
    this.#refresh = refresh;
  }

  /**
   * Carries out a call here, if this gateway holds the duty, or has its holder do so. Waits for up to
   * `patienceMs` for one that can be asked. Rejects with `UnavailableError` when there is none by then, and
   * when it is not known whether the call was carried out.
   */
  async call(here: () => Promise<HttpResponse>, call: VerifiedCall, body: Buffer): Promise<HttpResponse> {
    if (!this.#isInReach) await this.#untilInReach(body.length);
    if (this.#duty.isOurs()) return await this.callHere(here);
    return await remoteOwner(this.#link!.client).call(call, body);
  }

  /** For a call that another gateway has forwarded, which goes no further. Rejects as `call` does. */
  async callHere(here: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const term = this.#duty.number;
    this.#requireTerm(term);
    await this.#upToDate(term);
    this.#requireTerm(term);
    const answer = await here();
    // What was read since may have been changed by the next holder.
    this.#requireTerm(term);
    return answer;
  }

  get #link() {
    const holder = this.#duty.holder();
    return holder && this.#peers.linkTo(holder);
  }

  get #isInReach(): boolean {
    return this.#duty.isOurs() || this.#link !== undefined;
  }

  /** Nothing of the call was sent to anybody, so it may wait without harm. */
  async #untilInReach(bytes: number): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.calls >= waitingMax || waiting.bytes + bytes > waitingBytesMax)
      throw new UnavailableError('Too many calls wait for the gateway that keeps this.');
    waiting.calls += 1;
    waiting.bytes += bytes;
    const end = this.#clock.monotonic() + patienceMs;
    try {
      while (!this.#isInReach) {
        if (this.#clock.monotonic() >= end)
          throw new UnavailableError('The gateway that keeps this cannot be reached.');
        await this.#nextLook();
      }
    } finally {
      waiting.calls -= 1;
      waiting.bytes -= bytes;
    }
  }

  /** The same for all that wait. Links to others come without a word. */
  #nextLook(): Promise<void> {
    this.#look ??= (async () => {
      const over = new AbortController();
      const { signal } = over;
      await Promise.race([this.#duty.changed(signal), this.#clock.sleep(lookMs, signal)]);
      over.abort();
      this.#look = undefined;
    })();
    return this.#look;
  }

  #requireTerm(term: number): void {
    if (this.#duty.isOurs() && this.#duty.number === term) return;
    throw new UnavailableError('Another gateway keeps this by now.');
  }

  /** Once in a term. */
  #upToDate(term: number): Promise<unknown> {
    if (this.#term === term) return this.#refreshed;
    this.#term = term;
    this.#refreshed = this.#refresh().catch((error: unknown) => {
      this.#term = Number.NaN;
      throw error;
    });
    return this.#refreshed;
  }
}

type HeldCallsParts = {
  readonly duty: Duty;
  readonly peers: Pick<Peers, 'linkTo'>;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly refresh: () => Promise<unknown>;
};

/** The lease of a holder that is gone is over after 10.1 s, and others see to it once a second. */
const patienceMs: Millis = 13_000;
const lookMs: Millis = 200;
/** For each service. */
const waitingMax = 1_000;
const waitingBytesMax = 64 * 1024 * 1024;
