import { ServiceError } from '../wire/service-error.ts';

/**
 * A request's headers by lower-case name, one character per byte received. Gathered once, for all who ask.
 */
export class HeaderFields {
  readonly #values = new Map<string, string>();
  #repeated: string | undefined;

  /** Takes name and value in turn. A repeated header is joined by commas (RFC 9110 §5.3). */
  constructor(rawHeaders: readonly string[]) {
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]!.toLowerCase();
      const before = this.#values.get(name);
      if (before === undefined) this.#values.set(name, rawHeaders[index + 1]!);
      else if (isSingle(name)) this.#repeated ??= name;
      else this.#values.set(name, `${before},${rawHeaders[index + 1]!}`);
    }
  }

  /** The value of a header, its name in lower case. Of one that should come once and does not, the first. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  /**
   * Refuses a second copy of what decides who calls what: of two, one could be verified and the other obeyed.
   */
  requireSingle(): void {
    if (this.#repeated === undefined) return;
    throw new ServiceError('InvalidSignatureException', `Found more than one '${this.#repeated}' header.`);
  }
}

function isSingle(name: string): boolean {
  return name.startsWith('x-amz-') || singleHeaders.has(name);
}

const singleHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'host',
]);
