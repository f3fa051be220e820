/** One of the events of a stream of server-sent events (HTML standard, "Server-sent events"). */
export type ServerEvent = {
  /** `message` where the server named none. */
  readonly event: string;
  readonly data: string;
  /** The last that the server gave, here or before; empty before the first. */
  readonly id: string;
};

/** Makes events of text as it comes, cut anywhere. */
export class EventReader {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #id: string;

  /** `id` is that of the last event of a stream before, which this one goes on with. */
  constructor(id = '') {
    this.#id = id;
  }

  /** The events that this text completes. */
  read(text: string): ServerEvent[] {
    const whole = this.#rest + text;
    // A line may end in both characters, so the first is no end before it is known what follows.
    const end = whole.endsWith('\r') ? whole.length - 1 : whole.length;
    const lines = whole.slice(0, end).split(/\r\n|\r|\n/);
    this.#rest = lines.pop()! + whole.slice(end);
    return lines.flatMap((line) => (line === '' ? this.#dispatched() : this.#noted(line)));
  }

  #dispatched(): ServerEvent[] {
    const event = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id };
    const isEmpty = this.#data.length === 0;
    this.#event = '';
    this.#data = [];
    return isEmpty ? [] : [event];
  }

  #noted(line: string): ServerEvent[] {
    const [, field, value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line)!;
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    return [];
  }
}
