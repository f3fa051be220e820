/**
 * CBOR in the diagnostic notation of RFC 8949 §8: `{_ … }` and `[_ … ]` have no length in advance, `h'…'` are
 * bytes,
 * `1(…)` is a time. Knows what Kinesis uses, and nothing of our own codec.
 */
export function cborDiagnostic(bytes: Buffer, rename: (text: string) => string): string {
  const reader = new DiagnosticReader(bytes, rename);
  const text = reader.value();
  if (!reader.done) throw new Error('something follows the CBOR value');
  return text;
}

const indefinite = 31;
const stop = 0xff;

class DiagnosticReader {
  readonly #bytes: Buffer;
  readonly #rename: (text: string) => string;
  #at = 0;

  constructor(bytes: Buffer, rename: (text: string) => string) {
    this.#bytes = bytes;
    this.#rename = rename;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(): string {
    const initial = this.#bytes[this.#at++]!;
    const [major, detail] = [initial >> 5, initial & 0x1f];
    switch (major) {
      case 0:
        return String(this.#argument(detail));
      case 1:
        return String(-1n - this.#argument(detail));
      case 2:
        return `h'${this.#take(Number(this.#argument(detail))).toString('hex')}'`;
      case 3:
        return JSON.stringify(this.#rename(String(this.#take(Number(this.#argument(detail))))));
      case 4:
        return `[${this.#items(detail, () => this.value())}]`;
      case 5:
        return `{${this.#items(detail, () => `${this.value()}: ${this.value()}`)}}`;
      case 6:
        return `${this.#argument(detail)}(${this.value()})`;
      default:
        return simple(initial);
    }
  }

  #items(detail: number, item: () => string): string {
    const items: string[] = [];
    if (detail !== indefinite) {
      for (let left = Number(this.#argument(detail)); left > 0; left--) items.push(item());
      return items.join(', ');
    }
    while (this.#bytes[this.#at] !== stop) items.push(item());
    this.#at++;
    return `_ ${items.join(', ')}`;
  }

  #argument(detail: number): bigint {
    if (detail < 24) return BigInt(detail);
    if (detail > 27) throw new Error(`no argument: ${detail}`);
    return BigInt(`0x${this.#take(2 ** (detail - 24)).toString('hex')}`);
  }

  #take(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function simple(initial: number): string {
  const text = ['false', 'true', 'null'][initial - 0xf4];
  if (text === undefined) throw new Error(`not used by Kinesis: ${initial.toString(16)}`);
  return text;
}
