import type { Connection } from '@platformatic/kafka';
import { KafkaError } from '../kafka.ts';

export type Library = typeof import('@platformatic/kafka');

/** The request and the answer of one version of an API, as the library encodes and decodes them. */
export type Api<Asked extends readonly unknown[], Answer> = {
  readonly async: (connection: Connection, ...asked: Asked) => Promise<Answer>;
  readonly key: number;
  readonly version: number;
};

/** What a broker speaks of each API, by its key. */
export type SpokenVersions = ReadonlyMap<number, { readonly first: number; readonly last: number }>;

/** The error of Kafka for a version that is not known (Kafka protocol guide, "Error Codes"). */
const unsupportedVersion = 35;

/** The newest version that both sides speak. Throws `KafkaError` when there is none. */
export function commonVersion(
  spoken: SpokenVersions,
  key: number,
  known: { readonly first: number; readonly last: number },
): number {
  const theirs = spoken.get(key);
  const version = theirs === undefined ? -1 : Math.min(theirs.last, known.last);
  if (theirs !== undefined && version >= theirs.first && version >= known.first) return version;
  const said = theirs === undefined ? 'not at all' : `in versions ${theirs.first} to ${theirs.last}`;
  throw new KafkaError(
    unsupportedVersion,
    `the broker speaks API ${key} ${said}, Millrace in versions ${known.first} to ${known.last}`,
  );
}

/** The same of an API whose versions, oldest first and none left out, are the library's. */
export function commonApi<A extends { readonly key: number; readonly version: number }>(
  spoken: SpokenVersions,
  apis: readonly A[],
): A {
  const [oldest] = apis;
  const known = { first: oldest!.version, last: apis.at(-1)!.version };
  const version = commonVersion(spoken, oldest!.key, known);
  return apis[version - known.first]!;
}
