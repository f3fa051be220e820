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
