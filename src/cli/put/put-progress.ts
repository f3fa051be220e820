import type { Clock } from '../../env/clock.ts';
import { countText } from '../answer-text.ts';
import type { Output } from '../command-world.ts';
import { bytesText, rateText } from '../quantity-text.ts';

/** How far a put is: shown on a terminal several times a second. */
export class PutProgress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #began: number;
  #shownAt = 0;
  #reason = '';
  records = 0;
  bytes = 0;
  /** Records that were refused, and put again. */
  retries = 0;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#began = clock.monotonic();
  }

  get summary(): string {
    const again = this.retries === 0 ? '' : `, ${countText(this.retries)} of them again`;
    const records = this.records === 1 ? '1 record' : `${countText(this.records)} records`;
    return `${records}, ${bytesText(this.bytes)}${again}, ${this.#rate}`;
  }

  get #rate(): string {
    const seconds = (this.#clock.monotonic() - this.#began) / 1000;
    return `${rateText(seconds === 0 ? 0 : this.records / seconds)}/s`;
  }

  took(bytes: number): void {
    this.records++;
    this.bytes += bytes;
    this.#reason = '';
    this.#show();
  }

  refused(records: number, reason: string): void {
    this.retries += records;
    this.#reason = reason;
    this.#show();
  }

  async end(): Promise<void> {
    if (this.#output.isTerminal) await this.#output.write('\r\x1b[K');
  }

  #show(): void {
    if (!this.#output.isTerminal) return;
    const now = this.#clock.monotonic();
    if (now - this.#shownAt < showMs) return;
    this.#shownAt = now;
    const reason = this.#reason === '' ? '' : ` (${this.#reason}: goes on)`;
    // What is shown is not waited for.
    this.#output.write(`\r\x1b[K${this.summary}${reason}`).catch(() => {});
  }
}

const showMs = 100;
