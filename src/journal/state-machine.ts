/** What a journal keeps: a state that only edits change, each a plain object of a known kind. */
export interface StateMachine<State extends Versioned, Edit extends AnyEdit> {
  /** What the state is, for messages: `control plane`. */
  readonly name: string;
  /** Where every replay begins, at version 0. */
  readonly empty: State;
  draft(state: State): Draft<State, Edit>;
  /** Whether this program knows all that an edit from the log says: a newer one may have written it. */
  isKnown(edit: Edit): boolean;
  /** Throws what the caller is to be told when the state has no room for the edits. */
  requireRoom(state: State, edits: readonly Edit[]): void;
  /** Edits that make this state of the empty one. */
  snapshot(state: State): readonly Edit[];
}

/** A state on its way to the next: many edits copy what they change but once. */
export interface Draft<State, Edit> {
  /** The state after the edits so far. What is read from it holds until the next edit. */
  readonly state: State;
  /** Throws an AssertionError when the edit makes a state that must never be. */
  apply(edit: Edit): void;
  /** The state after the edits, at a version. Nothing changes it any more. */
  finish(version: number): State;
}

/** How many commits made a state. */
export type Versioned = { readonly version: number };

export type AnyEdit = { readonly kind: string };
