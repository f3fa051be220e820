/** Tells how far it is: one line that changes on a terminal, a line now and then elsewhere. */
export class Progress {
  #shown = false;
  #said = 0;

  /** `share` is from 0 to 1. */
  show(share: number, text: string): void {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\x1b[2K${bar(share)} ${text}`);
      this.#shown = true;
    } else if (share - this.#said >= 0.25 || (share === 1 && this.#said < 1)) {
      console.log(`${bar(share)} ${text}`);
      this.#said = share;
    }
  }

  /** A line that stays. */
  say(text: string): void {
    if (this.#shown) process.stdout.write('\n');
    this.#shown = false;
    console.log(text);
  }
}

const width = 24;

function bar(share: number): string {
  const full = Math.round(share * width);
  return `  [${'='.repeat(full)}${' '.repeat(width - full)}]`;
}
