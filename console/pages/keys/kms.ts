import { type CallOptions, call } from '../../api/call.ts';
import type { Alias, Key, NamedKey } from './key.ts';

export type { Alias, Key, NamedKey, Rotation } from './key.ts';

type Input = Readonly<Record<string, unknown>>;

/** Calls KMS. */
export function kms<Answer>(operation: string, input: Input, signal?: AbortSignal): Promise<Answer> {
  const options: CallOptions = signal === undefined ? {} : { signal };
  return call<Answer>('kms', operation, input, options);
}

/** All of a list that comes in pages. */
export async function kmsList<Member>(
  operation: string,
  list: string,
  input: Input,
  signal?: AbortSignal,
): Promise<readonly Member[]> {
  const all: Member[] = [];
  for (let marker: unknown; ; ) {
    const page = await kms<Record<string, unknown>>(operation, { ...input, Marker: marker }, signal);
    all.push(...((page[list] ?? []) as Member[]));
    if (page['Truncated'] !== true) return all;
    marker = page['NextMarker'];
  }
}

export async function describeKey(id: string, signal?: AbortSignal): Promise<Key> {
  return (await kms<{ readonly KeyMetadata: Key }>('DescribeKey', { KeyId: id }, signal)).KeyMetadata;
}

/** All keys of the region. Few have many, so each is described. */
export async function namedKeys(signal: AbortSignal): Promise<readonly NamedKey[]> {
  const [keys, aliases] = await Promise.all([
    kmsList<{ readonly KeyId: string }>('ListKeys', 'Keys', {}, signal),
    kmsList<Alias>('ListAliases', 'Aliases', {}, signal),
  ]);
  const described = await inTurns(keys, ({ KeyId }) => describeKey(KeyId, signal));
  return described.map((key) => ({
    key,
    aliases: aliases.filter(({ TargetKeyId }) => TargetKeyId === key.KeyId).map(({ AliasName }) => AliasName),
  }));
}

/** A few at a time: a browser has six connections (RFC 9112 §9.4 leaves the number to it). */
async function inTurns<From, To>(all: readonly From[], ask: (one: From) => Promise<To>): Promise<To[]> {
  const answers: To[] = [];
  for (let first = 0; first < all.length; first += atOnce) {
    answers.push(...(await Promise.all(all.slice(first, first + atOnce).map(ask))));
  }
  return answers;
}

const atOnce = 6;
