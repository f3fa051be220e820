import type { Offset } from '../kinesis/record.ts';
import type { Revision } from './revision.ts';

/** What a journal keeps: a state that only edits change, each a plain object of a known kind. */
export interface StateMachine<State extends Versioned, Edit extends AnyEdit> {
  /** What the state is, for messages: `control plane`. */
  readonly name: string;
  /**
   * Where every replay begins, at version 0. A state whose drafts change it in place is another one each
   * time.
   */
  readonly empty: State;
  draft(state: State): Draft<State, Edit>;
  /** Whether this program knows all that an edit from the log says: a newer one may have written it. */
  isKnown(edit: Edit): boolean;
  /** Throws what the caller is to be told when the state has no room for the edits. */
  requireRoom(state: State, edits: readonly Edit[]): void;
  /** Edits that make this state of the empty one. */
  snapshot(state: State): readonly Edit[];
  /** How the records of the log are written; undefined when they are JSON. */
  readonly codec?: RevisionCodec<Edit>;
  /** Undefined when the log has snapshots. With it, the log is restated instead. */
  readonly restating?: Restating<State, Edit>;
}

/** Turns revisions into records of a log and back. */
export interface RevisionCodec<Edit> {
  encode(revision: Revision<Edit>): Buffer;
  /** What an edit takes in a record, about. */
  bytesOf(edit: Edit): number;
  /**
   * Throws a `NewerFormatError`, or a `DamagedError` for what is no revision. `record` names it for these.
   */
  decode(data: Uint8Array, record: string): Revision<Edit>;
}

/**
 * What a journal asks of a state of many facts, each of which one edit says as a whole, wherever in the log
 * the edit is: applied again it changes nothing, and facts may come in any order. So no record grows with the
 * state: instead of a snapshot, the oldest facts are said again with each commit, until nothing of what lies
 * at the beginning of the log counts any more.
 */
export interface Restating<State, Edit> {
  /** How long the log would be at least: the facts as edits, in bytes. */
  bytesOf(state: State): number;
  /** The record that said the oldest fact; undefined when there is none. */
  oldest(state: State): Offset | undefined;
  /**
   * The facts that were said longest ago, of at least so many bytes, and of hardly more: at least one if
   * there is one. Answers how many bytes it is.
   */
  restate(state: State, bytes: number): { readonly edits: readonly Edit[]; readonly bytes: number };
}

/** A state on its way to the next: many edits copy what they change but once. */
export interface Draft<State, Edit> {
  /** The state after the edits so far. What is read from it holds until the next edit. */
  readonly state: State;
  /** Throws an AssertionError when the edit makes a state that must never be. `at` is the record it is in. */
  apply(edit: Edit, at: Offset): void;
  /** Bytes that were read through `state`, where reading takes as long as writing. */
  readonly readBytes?: number;
  /** The state after the edits, at a version. Nothing changes it any more. */
  finish(version: number): State;
}

/** How many commits made a state. */
export type Versioned = { readonly version: number };

export type AnyEdit = { readonly kind: string };
