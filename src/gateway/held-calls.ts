import type { Duty } from '../cluster/members.ts';
import type { HttpResponse } from '../env/network.ts';
import { UnavailableError } from '../log/log.ts';
import type { VerifiedCall } from '../rpc/dispatch.ts';
import { remoteOwner } from './forwarding.ts';
import type { Peers } from './peers.ts';

/**
 * Calls of services whose state is in one gateway at a time, which holds the duty for it. What is answered
 * was so while the duty was certain.
 */
export class HeldCalls {
  readonly #duty: Duty;
  readonly #peers: Pick<Peers, 'linkTo'>;
  readonly #refresh: () => Promise<unknown>;
  /** The term that the state was brought up to date for. */
  #term = Number.NaN;
  #refreshed: Promise<unknown> = Promise.resolve();

  /** `refresh` resolves when all is known here that any gateway had committed to the state before. */
  constructor(duty: Duty, peers: Pick<Peers, 'linkTo'>, refresh: () => Promise<unknown>) {
    this.#duty = duty;
    this.#peers = peers;
    this.#refresh = refresh;
  }

  /**
   * Carries out a call here, if this gateway holds the duty, or has its holder do so. Rejects with
   * `UnavailableError` when there is none now, and when it is not known whether the call was carried out.
   */
  async call(here: () => Promise<HttpResponse>, call: VerifiedCall, body: Buffer): Promise<HttpResponse> {
    if (this.#duty.isOurs()) return await this.callHere(here);
    const holder = this.#duty.holder();
    const link = holder && this.#peers.linkTo(holder);
    if (link === undefined) throw new UnavailableError('The gateway that keeps this cannot be reached.');
    return await remoteOwner(link.client).call(call, body);
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
