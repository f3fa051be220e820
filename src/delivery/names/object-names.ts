import type { ObjectNames } from '../delivery-spec.ts';
import { channelNames } from './channel-names.ts';
import { firehoseNames } from './firehose-names.ts';
import type { NameContext } from './name-context.ts';

/** How the objects of a target are named. */
export type CompiledNames = {
  /** The key of an object, and nothing but what follows from the context. */
  readonly nameOf: (context: NameContext) => string;
  /** The partition keys that a record must have: records that have the same ones go to the same object. */
  readonly keys: readonly NamedPartitionKey[];
  /** What the values of these may come to, in bytes: a prefix has an end. */
  readonly keyBytesMax: number;
};

/** `query` of a query, `lambda` of a function. */
export type NamedPartitionKey = {
  readonly from: 'query' | 'lambda';
  readonly name: string;
  /** How often it is in a name. */
  readonly times: number;
};

/** Compiles what a target says of names. `NamesError` with AWS's text where that is no expression. */
export function namesOf(names: ObjectNames): CompiledNames {
  return names.kind === 'firehose' ? firehoseNames(names) : channelNames(names.template);
}
