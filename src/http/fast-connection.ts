import type { Socket } from 'node:net';
import type { Millis } from '../env/clock.ts';
import { detached } from '../env/detached.ts';
import type { Peer } from '../env/network.ts';
import { IncomingBody, isBodyTooLarge, paceMs, type Refusal } from './body.ts';
import { Deadline } from './deadlines.ts';
import { Departure } from './departure.ts';
import { sendAnswer } from './fast-answer.ts';
import { type FastHead, readFastHead } from './fast-head.ts';
import { type HttpContext, keepAliveMs, lingerMs, refusalAnswer } from './http-context.ts';
import { peerOf } from './peer.ts';
import { Pipelined } from './pipelined.ts';
import { throwAway } from './throw-away.ts';
import { stuckMs } from './unsent.ts';

/** What becomes of a connection, besides answers. */
export type Outcome = {
  /** Serves the connection from now on, beginning with what can be read of it. */
  readonly handOver: (socket: Socket) => void;
  /** The connection ended, or was handed over. */
  readonly done: () => void;
};

/** A connection that serves requests of the fast path, one after the other. */
export class FastConnection {
  readonly #socket: Socket;
  readonly #context: HttpContext;
  readonly #outcome: Outcome;
  #request: Request | undefined;
  /** What came while an answer was under way. */
  #ahead: Buffer | undefined;
  readonly #held: Pipelined;
  readonly #peer: Peer;
  readonly #departure: Departure;
  /** False once the client has sent more ahead than there was room for. */
  #isHeard = true;
  #clientHasEnded = false;

  constructor(socket: Socket, context: HttpContext, outcome: Outcome) {
    this.#socket = socket;
    this.#context = context;
    this.#outcome = outcome;
    this.#held = new Pipelined(context.budget);
    this.#peer = peerOf(socket, context.origin());
    this.#departure = new Departure(socket);
    socket.on('data', this.hear).on('end', this.#end).on('close', this.#leave);
  }

  /** All of the request is here, and its answer is under way. */
  get #isAnswering(): boolean {
    return this.#request?.body.missing === 0;
  }

  /**
   * Nothing comes after the request under way: the client has ended its half, or sends more than there is
   * room for.
   */
  get #hasHeardAll(): boolean {
    return (this.#clientHasEnded || !this.#isHeard) && this.#ahead === undefined;
  }

  /** Ends it at once, or, with `onlyIdle`, if no request is under way. */
  close(onlyIdle: boolean): void {
    if (!onlyIdle || this.#request === undefined) this.#socket.destroy();
  }

  /** Serves what the client sends. */
  readonly hear = (bytes: Buffer): void => {
    try {
      this.#hear(bytes);
    } catch (error) {
      this.#fail(error);
    }
  };

  #hear(bytes: Buffer): void {
    if (this.#isAnswering) {
      this.#keep(bytes);
      this.#socket.pause();
    } else if (this.#request === undefined) {
      this.#start(bytes);
    } else {
      this.#receive(this.#request, bytes);
    }
  }

  /** Keeps what comes ahead of its turn. Without room for it, the answer under way is the last. */
  #keep(bytes: Buffer): void {
    const ahead = this.#ahead === undefined ? bytes : Buffer.concat([this.#ahead, bytes]);
    this.#isHeard &&= this.#held.hold(ahead.length);
    this.#ahead = this.#isHeard ? ahead : undefined;
  }

  #start(bytes: Buffer): void {
    const head = readFastHead(bytes);
    if (head === undefined || isBodyTooLarge(head, head.bodyBytes, this.#context)) {
      this.#handOver(bytes);
      return;
    }
    this.#request = { head, body: new IncomingBody(this.#context, head, head.bodyBytes) };
    if (!this.#receive(this.#request, bytes.subarray(head.end)))
      this.#context.deadlines.add(this.#giveUp, paceMs);
  }

  /** True once no more of the request is waited for. */
  #receive(request: Request, bytes: Buffer): boolean {
    const { missing } = request.body;
    if (bytes.length > missing) this.#keep(bytes.subarray(missing));
    const refusal = request.body.add(bytes.subarray(0, missing));
    if (refusal !== undefined) this.#refuse(request, refusal);
    else if (request.body.missing > 0) return false;
    else detached(this.#answer(request), this.#fail);
    return true;
  }

  /**
   * Answers with the refusal, and throws away for a while what still comes: if it were closed at once, the
   * connection would be reset and the answer lost.
   */
  #refuse({ body }: Request, refusal: Refusal): void {
    body.release();
    const { unsent } = this.#context;
    const answer = refusalAnswer(refusal);
    const sent = sendAnswer(this.#socket, answer, { date: this.#context.date(), isLast: true, unsent });
    if (sent !== undefined) detached(sent, this.#fail);
    this.#hangUp(lingerMs);
  }

  /**
   * Sends no more and hears no more. A client that does not take the last answer, or goes on sending, is not
   * waited for longer than this.
   */
  #hangUp(patience: Millis): void {
    if (this.#socket.destroyed) return;
    this.#request = undefined;
    this.#socket.off('data', this.hear).end();
    throwAway(this.#socket, this.#context);
    this.#context.deadlines.add(this.#giveUp, patience);
  }

  async #answer({ head, body }: Request): Promise<void> {
    this.#context.deadlines.delete(this.#giveUp);
    const { method, target, rawHeaders } = head;
    const from = { peer: this.#peer, departure: this.#departure };
    const request = { method, target, rawHeaders, body: body.whole(), ...from };
    const answer = await this.#context.handle(request);
    body.release();
    const isLast = this.#hasHeardAll || this.#context.isLast();
    const { unsent } = this.#context;
    const sent = sendAnswer(this.#socket, answer, { date: this.#context.date(), isLast, unsent });
    if (sent !== undefined) await sent;
    // A client that sends much at once has no more turns than the others.
    if (this.#ahead !== undefined) await this.#context.turn();
    this.#request = undefined;
    if (isLast || this.#hasHeardAll) this.#hangUp(stuckMs);
    else this.#next();
  }

  #next(): void {
    if (this.#socket.destroyed) return;
    this.#context.deadlines.add(this.#giveUp, keepAliveMs);
    const ahead = this.#ahead;
    if (ahead === undefined) return;
    this.#ahead = undefined;
    this.hear(ahead);
    // Otherwise a client could send far more in each turn than it is answered.
    if (this.#ahead !== undefined) return;
    this.#held.release();
    this.#socket.resume();
    // What has not come by now does not come.
    if (this.#clientHasEnded) this.#end();
  }

  #handOver(unread: Buffer): void {
    this.#socket.off('data', this.hear).off('end', this.#end).off('close', this.#leave);
    this.#leave();
    this.#socket.pause();
    this.#socket.unshift(unread);
    this.#outcome.handOver(this.#socket);
    this.#socket.resume();
  }

  /** The client sends no more. It may still take an answer. */
  readonly #end = (): void => {
    this.#clientHasEnded = true;
    if (this.#isAnswering) return;
    this.#request?.body.release();
    this.#hangUp(stuckMs);
  };

  readonly #leave = (): void => {
    this.#context.deadlines.delete(this.#giveUp);
    if (!this.#isAnswering) this.#request?.body.release();
    this.#held.release();
    this.#outcome.done();
  };

  /** A bug of ours costs the connection on which it shows. */
  readonly #fail = (error: unknown): void => {
    this.#context.failed(error);
    this.#socket.destroy();
  };

  /** Nothing came for too long. A client in the middle of a request is told. */
  readonly #giveUp = new Deadline(() => {
    if (this.#request === undefined) this.#socket.destroy();
    else if (this.#request.body.isLate()) this.#refuse(this.#request, 'too slow');
    else this.#context.deadlines.add(this.#giveUp, paceMs);
  });
}

/** A request whose body is still arriving, or whose answer is under way. */
type Request = { readonly head: FastHead; readonly body: IncomingBody };
