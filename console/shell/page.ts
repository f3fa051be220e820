import type { ComponentChildren } from 'preact';
import type { Parameters } from './pattern.ts';

export type { Parameters } from './pattern.ts';

/** A page of the console. Each has a folder in `pages/`, and a line in `pages/pages.ts`. */
export type Page = {
  /** Its path after `/console/`: `streams/:stream/records`. A part with a colon is a parameter. */
  readonly pattern: string;
  /** What the window's title and the last crumb say. */
  readonly title: (parameters: Parameters) => string;
  /** Where the navigation lists it, for pages without parameters. */
  readonly navigation?: NavigationGroup;
  /** What the navigation calls it, where it stands for more than itself. */
  readonly navigationTitle?: () => string;
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

export type NavigationGroup = 'data' | 'readers' | 'access' | 'server';

export type Crumb = { readonly title: string; readonly address: string };
