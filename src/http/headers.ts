/**
 * A request's headers by lower-case name, one character per byte received. Gathered once, for all lookups.
 */
export class HeaderFields {
  readonly #values = new Map<string, string>();
  #repeated: string | undefined;
  #mediaType: string | undefined;

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

  /**
   * The value of a header, its name in lower case. Of a header that must come once and came twice, the first.
   */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  /** The content type, without parameters and in lower case: case does not matter (RFC 9110 §8.3.1). */
  get mediaType(): string {
    this.#mediaType ??= mediaTypeOf(this.get('content-type') ?? '');
    return this.#mediaType;
  }

  /**
   * The name of a header that must come once and came twice. Such headers decide the caller and the call: one
   * of the two could be verified and the other obeyed.
   */
  get repeated(): string | undefined {
    return this.#repeated;
  }
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
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
