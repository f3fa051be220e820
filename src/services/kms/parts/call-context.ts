import type { Caller } from '../../../access/caller.ts';
import type { KeyName } from '../../../access/keys/key-arn.ts';
import type { EncryptionContext } from '../../../access/keys/key-service.ts';
import { aliasNamesOf, type KeysState, type KmsKey } from '../../../access/keys/state.ts';
import { keyedValues, type RequestContext } from '../../../access/policy/access.ts';
import { invalidRequest } from '../errors.ts';

/** What a call says that policies may ask for. */
export type Told = {
  readonly context?: EncryptionContext | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly tagKeys?: readonly string[] | undefined;
  readonly bypass?: boolean | undefined;
};

/**
 * Condition keys of a call about a key (developer guide, "AWS KMS condition keys"). ValidationException for
 * an encryption context that is too large: policies compare all of it.
 */
export function callContext(
  state: KeysState,
  { name, key }: { readonly name?: KeyName; readonly key: KmsKey | undefined },
  { account }: Caller,
  { context = {}, tags = {}, tagKeys = [], bypass }: Told,
): RequestContext {
  checkContext(context);
  const several: [string, readonly string[]][] = [
    ['kms:calleraccount', [account]],
    ['kms:encryptioncontextkeys', Object.keys(context)],
    ['aws:tagkeys', [...Object.keys(tags), ...tagKeys]],
    ['kms:requestalias', name?.kind === 'alias' ? [name.name] : []],
    ['kms:bypasspolicylockoutsafetycheck', bypass === undefined ? [] : [String(bypass)]],
    ['kms:resourcealiases', key === undefined ? [] : aliasNamesOf(state, key)],
    ['kms:keyspec', key === undefined ? [] : ['SYMMETRIC_DEFAULT']],
    ['kms:keyusage', key === undefined ? [] : ['ENCRYPT_DECRYPT']],
    ['kms:keyorigin', key === undefined ? [] : ['AWS_KMS']],
  ];
  return new Map([
    ...keyedValues('kms:encryptioncontext:', Object.entries(context)),
    ...keyedValues('aws:requesttag/', Object.entries(tags)),
    ...several.filter(([, values]) => values.length > 0),
  ]);
}

function checkContext(context: EncryptionContext): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(context))
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  if (bytes > contextBytesMax) {
    throw invalidRequest(`The encryption context is larger than ${contextBytesMax} bytes.`);
  }
}

/** Developer guide, "Request quotas and resource quotas": 8 KB. */
const contextBytesMax = 8 * 1024;
