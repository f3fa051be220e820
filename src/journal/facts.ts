import type { Versioned } from './state-machine.ts';

/**
 * A state of many facts, each a plain value of JSON under a kind and a key that one edit says as a whole: a
 * function, a mapping, how far a mapping came in a shard. `Kinds` has the type of each kind's values. Values
 * are never changed in place. What is read holds until the next await.
 */
export interface Facts<Kinds> extends Versioned {
  get<Kind extends keyof Kinds & string>(kind: Kind, key: string): Kinds[Kind] | undefined;
  /** In no order that means anything. */
  entries<Kind extends keyof Kinds & string>(
    kind: Kind,
  ): Iterable<readonly [key: string, value: Kinds[Kind]]>;
  /** Those whose keys begin with a text, in the order of keys; without looking at all others. */
  within<Kind extends keyof Kinds & string>(
    kind: Kind,
    prefix: string,
  ): Iterable<readonly [key: string, value: Kinds[Kind]]>;
  /** What all facts take, as the log would have them, in bytes. */
  readonly bytes: number;
}

/** `said` is the whole value from now on; `forgotten` removes it, and does nothing where there is none. */
export type FactEdit<Kinds> = {
  [Kind in keyof Kinds & string]:
    | { readonly kind: 'said'; readonly of: Kind; readonly key: string; readonly value: Kinds[Kind] }
    | { readonly kind: 'forgotten'; readonly of: Kind; readonly key: string };
}[keyof Kinds & string];
