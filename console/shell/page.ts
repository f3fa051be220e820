import type { ComponentChildren } from 'preact';

/** A page of the console. Each has a folder in `pages/`, and a line in `pages/pages.ts`. */
export type Page = {
  /** Its path after `/console/`: `streams/:stream/records`. A part with a colon is a parameter. */
  readonly pattern: string;
  /** What the window's title and the last crumb say. */
  readonly title: (parameters: Parameters) => string;
  /** Where the navigation lists it, for pages without parameters. */
  readonly navigation?: NavigationGroup;
  /** Where it is in the navigation, the key that leads there after `g`. */
  readonly goKey?: string;
  /** The crumbs before its own, as title and address. */
  readonly crumbs?: (parameters: Parameters) => readonly Crumb[];
  /**
   * Pages with the same `of` stand as a row of tabs above each other, in the order of `pages.ts`: a stream's
   * map, its records, its queries. `of` is the pattern that they begin with.
   */
  readonly tab?: { readonly of: string; readonly label: () => string };
  /** Loads its component, which comes in a file of its own and is fetched when the page is first shown. */
  readonly load: () => Promise<View>;
};

/** Draws the page, beginning with a `PageHead`. A change of parameters draws it anew, from its beginnings. */
export type View = (props: { readonly parameters: Parameters }) => ComponentChildren;

/** The decoded parameters of a pattern: `{ stream: 'orders' }`. */
export type Parameters = Readonly<Record<string, string>>;

export type NavigationGroup = 'data' | 'readers' | 'access' | 'server';

export type Crumb = { readonly title: string; readonly address: string };

/** The page that a path is of, with its parameters; the first of those whose pattern fits. */
export function pageAt(pages: readonly Page[], segments: readonly string[]): Found | undefined {
  for (const page of pages) {
    const parameters = parametersOf(page.pattern, segments);
    if (parameters !== undefined) return { page, parameters };
  }
  return undefined;
}

export type Found = { readonly page: Page; readonly parameters: Parameters };

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
