import { chmodSync, closeSync, openSync, readFileSync, statSync } from 'node:fs';

/** A line that a function wrote; `place` is an eventID, `shardId:sequenceNumber`. */
export type LedgerLine = {
  readonly name: string;
  readonly call: string;
} & (
  | {
      readonly kind: 'in';
      readonly seen: readonly (readonly [id: string, key: string, place: string])[];
      readonly window?: string;
      readonly state?: readonly string[];
    }
  | {
      readonly kind: 'out';
      readonly done: number;
      readonly final?: boolean;
      readonly state?: readonly string[];
    }
);

/** The file that functions write to, outside of all that the server keeps; other users may, too. */
export class Ledger {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    closeSync(openSync(path, 'a'));
    chmodSync(path, 0o666);
  }

  /** Where the next line will begin, in bytes. */
  get end(): number {
    return statSync(this.path).size;
  }

  /** All lines, with where each begins. What its writer was ended in the middle of is none. */
  read(): { readonly at: number; readonly line: LedgerLine }[] {
    const lines: { at: number; line: LedgerLine }[] = [];
    let at = 0;
    for (const text of readFileSync(this.path, 'utf8').split('\n')) {
      if (text.endsWith('}')) lines.push({ at, line: JSON.parse(text) });
      at += Buffer.byteLength(text) + 1;
    }
    return lines;
  }
}
