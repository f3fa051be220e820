import assert from 'node:assert/strict';
import type { HttpResponse } from '../../../src/env/network.ts';
import { authorization, type Harness } from '../kinesis/harness.ts';

export type TailEvent = {
  readonly event: string;
  readonly data: Record<string, unknown>;
  readonly id?: string;
};

/** What a client of server-sent events makes of an answer (HTML standard, "Interpreting an event stream"). */
export class TailReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly events: TailEvent[] = [];
  /** The pieces of the answer, as they came. */
  readonly pieces: string[] = [];
  isOver = false;
  #rest = '';

  constructor(body: HttpResponse['body']) {
    assert(typeof body === 'object' && Symbol.asyncIterator in body);
    this.#pieces = body[Symbol.asyncIterator]();
  }

  /** Takes pieces as they come, without waiting for the end of that. */
  follow(): this {
    void this.#take();
    return this;
  }

  async #take(): Promise<void> {
    while (await this.takeOne());
  }

  async takeOne(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    this.isOver = done === true;
    if (done === true) return false;
    this.pieces.push(Buffer.from(value).toString());
    this.#rest += this.pieces.at(-1)!;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop()!;
    for (const block of blocks) this.#read(block);
    return true;
  }

  #read(block: string): void {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
      }),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    const id = fields.get('id');
    this.events.push({
      event: fields.get('event')!,
      data: JSON.parse(data),
      ...(id !== undefined && { id }),
    });
  }

  named(event: string): Record<string, unknown>[] {
    return this.events.filter((each) => each.event === event).map(({ data }) => data);
  }

  /** The data of the records that came, as text. */
  get texts(): string[] {
    return this.named('record').map(({ data }) => Buffer.from(String(data), 'base64').toString());
  }

  get lastId(): string | undefined {
    return this.events.findLast(({ id }) => id !== undefined)?.id;
  }

  /** The client goes away. */
  async leave(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** Asks for a path without a body, with a signature that an open server takes, or without one. */
export async function ask(
  server: Harness,
  target: string,
  headers: readonly string[] = ['Authorization', authorization],
): Promise<HttpResponse> {
  const rawHeaders = ['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', ...headers];
  return await server.handle({ method: 'GET', target, rawHeaders, body: Buffer.alloc(0) });
}

/** A tail that must begin. */
export async function tailOf(
  server: Harness,
  target: string,
  headers?: readonly string[],
): Promise<TailReader> {
  const { status, body, headers: sent } = await ask(server, target, headers);
  assert.equal(status, 200, String(body));
  assert.equal(sent['Content-Type'], 'text/event-stream');
  return new TailReader(body);
}
