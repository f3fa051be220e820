import type { Millis } from '../../env/clock.ts';
import type { ErrorOutputType } from '../record/delivered-record.ts';

/** What the name of one object follows from. The same context gives the same name, always. */
export type NameContext = {
  /** A delivery stream's name and its version; a channel's name and its id. */
  readonly owner: { readonly name: string; readonly number: string };
  /** Of the stream that the records are from. */
  readonly streamName: string;
  /** The arrival of the oldest record that is in the object. */
  readonly oldest: Millis;
  /** Of the chunk. */
  readonly random: string;
  /**
   * Which of the chunk's objects it is, from 0. What is unique about its name follows from it and `random`.
   */
  readonly index: number;
  /** Of the form that its bytes have: `.gz`, `.parquet`, …; empty for none. */
  readonly extension: string;
  /** By name: what queries say. */
  readonly queryKeys?: Readonly<Record<string, string>> | undefined;
  /** By name: what a function says. */
  readonly partitionKeys?: Readonly<Record<string, string>> | undefined;
  /** Of an object with errors. */
  readonly errorType?: ErrorOutputType | undefined;
};
