import type { Alias, AliasKey, KeySettings, KeyVersion, KmsKey } from './state.ts';

/** A fact about the keys of the built-in KMS, as journalled: what became true, not what was asked for. */
export type KeyEdit =
  | { readonly kind: 'key-created'; readonly key: KmsKey }
  /** These settings are so from now on. */
  | { readonly kind: 'key-changed'; readonly id: string; readonly settings: Partial<KeySettings> }
  /** The key has new material besides what it had. */
  | { readonly kind: 'key-rotated'; readonly id: string; readonly version: KeyVersion }
  /** The same material, wrapped anew: the texts of its versions, in their order. */
  | { readonly kind: 'key-rewrapped'; readonly id: string; readonly wrapped: readonly string[] }
  /** The key, its material and its aliases are gone for good. */
  | { readonly kind: 'key-deleted'; readonly id: string }
  /** An alias is there and names this key from now on. */
  | { readonly kind: 'alias-set'; readonly alias: Alias }
  | { readonly kind: 'alias-deleted'; readonly key: AliasKey }
  /** The key of the services' logs, made or wrapped anew. */
  | { readonly kind: 'services-key-wrapped'; readonly wrapped: string }
  /** The whole state: whatever came before is no longer needed. */
  | { readonly kind: 'snapshot'; readonly keys: readonly KmsKey[]; readonly aliases: readonly Alias[] };

/** Whether this program knows what an edit is about; a newer one may know more. */
export function isKnown(edit: KeyEdit): boolean {
  return Object.hasOwn(editKinds, edit.kind);
}

const editKinds: Record<KeyEdit['kind'], true> = {
  'key-created': true,
  'key-changed': true,
  'key-rotated': true,
  'key-rewrapped': true,
  'key-deleted': true,
  'alias-set': true,
  'alias-deleted': true,
  'services-key-wrapped': true,
  snapshot: true,
};
