// Searches what tests print, and what the programs print that they start, for what no output may hold.
import { leaksIn } from '../harness/canaries.ts';

/** What a run of tests tells of a piece of output. */
type Printed = { readonly file?: string | undefined; readonly message: string };

/** Gathers what leaked. */
export class LeakWatch {
  readonly found: string[] = [];

  /** Looks at what a file's tests have printed. */
  search({ file = 'a test', message }: Printed): void {
    for (const line of message.split('\n')) {
      for (const leak of leaksIn(line)) {
        if (this.found.length < foundMax) this.found.push(`${file}: ${leak} in: ${line.slice(0, shownMax)}`);
      }
    }
  }
}

const foundMax = 100;
const shownMax = 500;
