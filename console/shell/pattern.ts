/** The decoded parameters of a pattern: `{ stream: 'orders' }`. */
export type Parameters = Readonly<Record<string, string>>;

/** The page that a path is of, with its parameters; the first of those whose pattern fits. */
export function pageAt<Page extends { readonly pattern: string }>(
  pages: readonly Page[],
  segments: readonly string[],
): Found<Page> | undefined {
  for (const page of pages) {
    const parameters = parametersOf(page.pattern, segments);
    if (parameters !== undefined) return { page, parameters };
  }
  return undefined;
}

export type Found<Page> = { readonly page: Page; readonly parameters: Parameters };

/** Undefined where the path is not of the pattern. */
export function parametersOf(pattern: string, segments: readonly string[]): Parameters | undefined {
  const parts = pattern.split('/');
  if (parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]!;
    if (part.startsWith(':')) parameters[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return parameters;
}

/** The path of a pattern with its parameters in their places. */
export function segmentsOf(pattern: string, parameters: Parameters): string[] {
  return pattern.split('/').map((part) => (part.startsWith(':') ? parameters[part.slice(1)]! : part));
}
