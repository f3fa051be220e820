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
  return plainMediaType.test(contentType) ? contentType : contentType.split(';', 1)[0]!.trim().toLowerCase();
}

/** As clients write it: nothing to be left out, and no capitals. */
const plainMediaType = /^[a-z0-9.+/-]*$/;

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

/** A parameter of a query string, decoded: one character per byte. */
export type QueryParameter = readonly [name: string, value: string];

/** The path of a request target, as received. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

/** The query parameters of a request target, in order. */
export function queryOf(target: string): QueryParameter[] {
  const mark = target.indexOf('?');
  return mark < 0 ? [] : parametersOf(target.slice(mark + 1));
}

/** The parameters of a text such as a query or a form, in order; no more than `countMax` of them. */
export function parametersOf(text: string, countMax?: number): QueryParameter[] {
  return text === '' ? [] : text.split('&', countMax).map(parameter);
}

function parameter(part: string): QueryParameter {
  const equals = part.indexOf('=');
  return equals < 0
    ? [percentDecoded(part), '']
    : [percentDecoded(part.slice(0, equals)), percentDecoded(part.slice(equals + 1))];
}

/** RFC 3986 §2.1, by bytes: text that is no escape stays as it is, and so does `+`. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%[0-9A-Fa-f]{2}/g, (triplet) =>
    String.fromCharCode(Number.parseInt(triplet.slice(1), 16)),
  );
}
