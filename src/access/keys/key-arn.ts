import { parseArn, partitionOf } from '../../kinesis/arn.ts';
import type { KeyScope } from './key-service.ts';
import { type Alias, aliasKeyOf, type KeyAddress, type KeysState, type KmsKey } from './state.ts';

export function formatKeyArn({ account, region, id }: KeyAddress): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${id}`;
}

/** `name` begins with `alias/`. */
export function formatAliasArn({
  account,
  region,
  name,
}: Pick<Alias, 'account' | 'region' | 'name'>): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${name}`;
}

/** What a text names as a key: the key itself, by its id, or one of its aliases. */
export type KeyName =
  | ({ readonly kind: 'key' } & KeyAddress)
  | ({ readonly kind: 'alias' } & Pick<Alias, 'account' | 'region' | 'name'>);

/**
 * Takes a key's id, its ARN, an alias or an alias's ARN apart; `scope` is for those that say neither account
 * nor region. Undefined for anything else.
 */
export function parseKeyName(text: string, scope: KeyScope): KeyName | undefined {
  const { account, region } = scope;
  if (!text.startsWith('arn:')) return namedBy(text, text, account, region);
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'kms') return undefined;
  const id = arn.resource.startsWith('key/') ? arn.resource.slice('key/'.length) : '';
  return namedBy(id, arn.resource, arn.account, arn.region);
}

function namedBy(id: string, name: string, account: string, region: string): KeyName | undefined {
  if (idForm.test(id)) return { kind: 'key', account, region, id: id.toLowerCase() };
  return name.startsWith('alias/') ? { kind: 'alias', account, region, name } : undefined;
}

/** A UUID, or the id of a key of several regions (KMS developer guide, "Key identifiers"). */
const idForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i;

/** The key that a name stands for; undefined when there is none. */
export function findKey(state: KeysState, name: KeyName): KmsKey | undefined {
  const id = name.kind === 'key' ? name.id : state.aliases.get(aliasKeyOf(name))?.key;
  const key = id === undefined ? undefined : state.keys.get(id);
  const isThere = key?.account === name.account && key.region === name.region;
  return isThere ? key : undefined;
}
