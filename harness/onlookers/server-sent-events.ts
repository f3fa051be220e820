/** One event of an answer that comes as server-sent events. */
export type ServerSentEvent = {
  readonly name: string;
  readonly data: string;
  /** What a client sends to have all that comes after it. */
  readonly id: string | undefined;
};

/** Takes an answer apart as it comes (HTML standard, "Server-sent events", 9.2.6). */
export class ServerSentEvents {
  #rest = '';

  /** The events that are whole with this piece of the answer. Comments are none. */
  take(piece: Uint8Array): ServerSentEvent[] {
    const blocks = (this.#rest + Buffer.from(piece).toString()).split('\n\n');
    this.#rest = blocks.pop()!;
    return blocks.map(eventIn).filter((event) => event !== undefined);
  }
}

function eventIn(block: string): ServerSentEvent | undefined {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
  const fieldOf = (wanted: string) => fields.find((field) => field?.[1] === wanted)?.[2];
  const data = fieldOf('data');
  return data === undefined ? undefined : { name: fieldOf('event') ?? 'message', data, id: fieldOf('id') };
}
