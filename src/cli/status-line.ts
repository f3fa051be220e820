import { detached, unthinkable } from '../env/detached.ts';
import type { Output } from './command-world.ts';

/** A line of a terminal that is written over and over, and erased in the end; elsewhere nothing. */
export class StatusLine implements Disposable {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  get isShown(): boolean {
    return this.#output.isTerminal;
  }

  show(line: string): void {
    if (this.isShown) sayOn(this.#output)(`\r\x1b[K${line}`);
  }

  [Symbol.dispose](): void {
    this.show('');
  }
}

/** What is said is not waited for until it is read. */
export function sayOn(output: Output): (text: string) => void {
  return (text) => detached(output.write(text), unthinkable);
}
