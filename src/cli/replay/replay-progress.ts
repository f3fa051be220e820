import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { countText } from '../answer-text.ts';
import { barText } from '../caught-up.ts';
import type { Output } from '../command-world.ts';
import type { From } from '../copy/source.ts';

/** How far a replay is: a bar of the time that is to be read, on a terminal; exact counts in the end. */
export class ReplayProgress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #began: Millis;
  readonly #until: Millis;
  #from: Millis | undefined;
  #read = 0;
  #put = 0;
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(output: Output, from: From, until: Millis, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#began = clock.monotonic();
    this.#until = until;
    this.#from = 'Timestamp' in from ? from.Timestamp * 1000 : undefined;
  }

  /** So many more were read, so many put in all, and reading has come to a time. */
  tell(read: number, put: number, arrival: Millis): void {
    this.#read += read;
    this.#put = put;
    this.#from ??= arrival;
    const now = this.#clock.monotonic();
    if (!this.#output.isTerminal || now < this.#shownAt + showMs) return;
    this.#shownAt = now;
    const whole = Math.max(1, this.#until - this.#from);
    const done = Math.min(1, Math.max(0, (arrival - this.#from) / whole));
    const rate = Math.round(this.#put / Math.max(0.001, (now - this.#began) / 1000));
    const text = `${barText(done)} ${countText(this.#read)} read, ${countText(put)} put, ${countText(rate)}/s`;
    detached(this.#output.write(`\r\x1b[K${text}`), unthinkable);
  }

  erase(): void {
    if (this.#output.isTerminal) detached(this.#output.write('\r\x1b[K'), unthinkable);
  }

  get json(): string {
    return `${JSON.stringify({ read: this.#read, put: this.#put })}\n`;
  }

  text(stream: string): string {
    return `${countText(this.#read)} records read, ${countText(this.#put)} put into ${stream}\n`;
  }
}

const showMs = 200;
