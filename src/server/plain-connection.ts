import type { Socket } from 'node:net';
import { detached } from '../env/detached.ts';
import { admit, IncomingBody, paceMs, type Refusal } from './body.ts';
import { Deadline } from './deadlines.ts';
import { type Exchange, keepAliveMs, lingerMs, refusalAnswer } from './exchange.ts';
import { sendAnswer } from './plain-answer.ts';
import { type PlainHead, readPlainHead } from './plain-head.ts';

/** What becomes of a connection, besides answers. */
export type Fate = {
  /** Serves it from now on, beginning with what can be read of it. */
  readonly handOver: (socket: Socket) => void;
  /** It ended, or was handed over. */
  readonly done: () => void;
};

/** A connection that serves plain requests, one after the other. */
export class PlainConnection {
  readonly #socket: Socket;
  readonly #exchange: Exchange;
  readonly #fate: Fate;
  #request: Request | undefined;
  /** What came while an answer was under way. */
  #ahead: Buffer | undefined;
  #clientHasEnded = false;

  constructor(socket: Socket, exchange: Exchange, fate: Fate) {
    this.#socket = socket;
    this.#exchange = exchange;
    this.#fate = fate;
    socket.on('data', this.hear).on('end', this.#end).on('close', this.#leave);
  }

  /** All of its request is here, and its answer is under way. */
  get #isAnswering(): boolean {
    return this.#request?.body.missing === 0;
  }

  /** The client has ended its half, and was answered all that it said but the request under way. */
  get #hasHeardAll(): boolean {
    return this.#clientHasEnded && this.#ahead === undefined;
  }

  /** Ends it at once, or, with `onlyIdle`, if no request is under way. */
  close(onlyIdle: boolean): void {
    if (!onlyIdle || this.#request === undefined) this.#socket.destroy();
  }

  /** Serves what the client says. */
  readonly hear = (bytes: Buffer): void => {
    try {
      this.#hear(bytes);
    } catch (error) {
      this.#fail(error);
    }
  };

  #hear(bytes: Buffer): void {
    if (this.#isAnswering) {
      this.#ahead = this.#ahead === undefined ? bytes : Buffer.concat([this.#ahead, bytes]);
      this.#socket.pause();
    } else if (this.#request === undefined) {
      this.#start(bytes);
    } else {
      this.#receive(this.#request, bytes);
    }
  }

  #start(bytes: Buffer): void {
    const head = readPlainHead(bytes);
    if (head === undefined || admit(head.bodyBytes) !== undefined) {
      this.#handOver(bytes);
      return;
    }
    this.#request = { head, body: new IncomingBody(this.#exchange, head, head.bodyBytes) };
    if (!this.#receive(this.#request, bytes.subarray(head.end)))
      this.#exchange.deadlines.add(this.#giveUp, paceMs);
  }

  /** True once no more of it is waited for. */
  #receive(request: Request, bytes: Buffer): boolean {
    const { missing } = request.body;
    if (bytes.length > missing) this.#ahead = bytes.subarray(missing);
    const refusal = request.body.add(bytes.subarray(0, missing));
    if (refusal !== undefined) this.#refuse(request, refusal);
    else if (request.body.missing > 0) return false;
    else detached(this.#answer(request), this.#fail);
    return true;
  }

  /** Says so, and throws away for a while what still comes: closed at once, the connection would be reset and the answer lost. */
  #refuse({ body }: Request, refusal: Refusal): void {
    body.release();
    this.#socket.off('data', this.hear).resume();
    const { unsent } = this.#exchange;
    const answer = refusalAnswer(refusal);
    const sent = sendAnswer(this.#socket, answer, { date: this.#exchange.date(), isLast: true, unsent });
    if (sent !== undefined) detached(sent, this.#fail);
    this.#socket.end();
    this.#request = undefined;
    this.#exchange.deadlines.add(this.#giveUp, lingerMs);
  }

  async #answer({ head, body }: Request): Promise<void> {
    this.#exchange.deadlines.delete(this.#giveUp);
    const { method, target, rawHeaders } = head;
    const answer = await this.#exchange.handle({ method, target, rawHeaders, body: body.whole() });
    body.release();
    const isLast = this.#hasHeardAll || this.#exchange.draining();
    const { unsent } = this.#exchange;
    const sent = sendAnswer(this.#socket, answer, { date: this.#exchange.date(), isLast, unsent });
    if (sent !== undefined) await sent;
    // A client that says much at once has no more turns than the others.
    if (this.#ahead !== undefined) await this.#exchange.turn();
    this.#request = undefined;
    if (isLast || this.#hasHeardAll) this.#socket.end();
    else this.#next();
  }

  #next(): void {
    if (this.#socket.destroyed) return;
    this.#exchange.deadlines.add(this.#giveUp, keepAliveMs);
    const ahead = this.#ahead;
    if (ahead === undefined) return;
    this.#ahead = undefined;
    this.hear(ahead);
    // Otherwise a client could say far more in each turn than it is answered.
    if (this.#ahead === undefined) this.#socket.resume();
    // What is not there by now does not come.
    if (this.#clientHasEnded && !this.#isAnswering) this.#socket.end();
  }

  #handOver(unread: Buffer): void {
    this.#socket.off('data', this.hear).off('end', this.#end).off('close', this.#leave);
    this.#leave();
    this.#socket.pause();
    this.#socket.unshift(unread);
    this.#fate.handOver(this.#socket);
    this.#socket.resume();
  }

  /** The client says no more. It may still listen to an answer. */
  readonly #end = (): void => {
    this.#clientHasEnded = true;
    if (!this.#isAnswering) this.#socket.end();
  };

  readonly #leave = (): void => {
    this.#exchange.deadlines.delete(this.#giveUp);
    if (!this.#isAnswering) this.#request?.body.release();
    this.#fate.done();
  };

  /** A bug of ours costs the connection on which it shows. */
  readonly #fail = (error: unknown): void => {
    this.#exchange.failed(error);
    this.#socket.destroy();
  };

  /** Nothing came for too long. Who is in the middle of a request is told. */
  readonly #giveUp = new Deadline(() => {
    if (this.#request === undefined) this.#socket.destroy();
    else if (!this.#request.body.isLate()) this.#exchange.deadlines.add(this.#giveUp, paceMs);
    else this.#socket.off('data', this.hear).end(tooLate, () => this.#socket.destroy());
  });
}

/** The rest of the body is on its way, or all of it was received and the answer is. */
type Request = { readonly head: PlainHead; readonly body: IncomingBody };

const tooLate = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
