import type { Caller } from '../../../access/caller.ts';
import { formatAliasArn, formatKeyArn, parseKeyName } from '../../../access/keys/key-arn.ts';
import type { KeyService } from '../../../access/keys/key-service.ts';
import { contextOf } from '../../../access/keys/stream-keys.ts';
import type { CatalogState } from '../../../catalog/state.ts';
import { parseArn, type StreamAddress } from '../../../kinesis/arn.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { keyRefusal } from '../../../stream/errors.ts';
import { required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidArgument, kinesisError } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';
import { onStream } from './prepare.ts';
import { beginSettings, countSuccess } from './settings-change.ts';
import { encryptionType, target } from './shapes.ts';
import { requireActive, requireStreamAt } from './target.ts';

const members = {
  ...target,
  EncryptionType: required(encryptionType),
  KeyId: required(string({ min: 1, max: 2048 })),
};
export const startEncryptionInput = structure('StartStreamEncryptionInput', members);
export const stopEncryptionInput = structure('StopStreamEncryptionInput', members);

/** Sets the key that new records are encrypted with, or none; the stream is UPDATING for a while. */
export function changeEncryption(
  { catalog, clock, background, quotas, keyService, keyUse }: KinesisWorld,
  request: TypeOf<typeof startEncryptionInput>,
  caller: Caller,
  encryptionKey: string | null,
): Prepared<Promise<void>> {
  return onStream(request, caller, async (address) => {
    requireKeyInRegion(request.KeyId, caller);
    requireChangeable(catalog.state, address, request);
    if (encryptionKey !== null) {
      await requirePermittedKey({ keyService, keyUse }, encryptionKey, caller, address);
    }
    await catalog.commit((state) => {
      const stream = requireChangeable(state, address, request);
      const recent = countSuccess(stream, 'StreamEncryption', clock.now(), quotas);
      return [beginSettings(stream, { encryptionKey, recent }, clock.now())];
    });
    background.nudge();
  });
}

function requireChangeable(
  state: CatalogState,
  address: StreamAddress,
  { EncryptionType }: Pick<TypeOf<typeof startEncryptionInput>, 'EncryptionType'>,
): Stream {
  const stream = requireStreamAt(state, address);
  if (EncryptionType === 'NONE') throw invalidArgument('Encryption type cannot be NONE.');
  requireActive(stream);
  return stream;
}

/**
 * The ARN of the key that is named, in any account of the caller's region, once it was asked to wrap a data
 * key for the stream. Rejects with an exception of KMS, also where the caller may not know of the key.
 */
export async function requirePermittedKey(
  { keyService, keyUse }: Pick<KinesisWorld, 'keyService' | 'keyUse'>,
  keyId: string,
  caller: Caller,
  stream: StreamAddress,
): Promise<string> {
  requireKeyInRegion(keyId, caller);
  const permit = (arn: string) => keyUse.requireToSet(caller, stream, arn);
  // Whether another account has a key is told to whom its policy names.
  const foreign = foreignKeyArn(keyId, stream);
  if (foreign !== undefined) permit(foreign);
  return await requireKey(keyService, keyId, stream, permit);
}

/** The ARN of the key, or the alias, of another account that a text names. */
function foreignKeyArn(named: string, stream: StreamAddress): string | undefined {
  const name = parseKeyName(named, stream);
  if (name === undefined || name.account === stream.account) return undefined;
  return name.kind === 'key' ? formatKeyArn(name) : formatAliasArn(name);
}

/**
 * Has the key wrap a data key for the stream, as each put will, and answers its ARN. `permit` throws when the
 * caller may not have the stream encrypted with the key of an ARN.
 */
export async function requireKey(
  service: KeyService,
  named: string,
  stream: StreamAddress,
  permit?: (arn: string) => void,
): Promise<string> {
  try {
    const { arn } = await service.describe(named, stream);
    permit?.(arn);
    await service.generateDataKey(arn, contextOf(stream));
    return arn;
  } catch (error) {
    throw keyRefusal(error);
  }
}

/** A key or alias named by ARN must be of the caller's region, in any account. The texts are AWS KMS's. */
function requireKeyInRegion(keyId: string, caller: Caller): void {
  if (!/^arn:/i.test(keyId)) return;
  const arn = parseArn(keyId);
  if (arn?.service !== 'kms' || !/^(key|alias)\/[a-zA-Z0-9:/_-]+$/.test(arn.resource)) {
    throw kinesisError('KMSNotFoundException', `Invalid keyId ${keyId}`);
  }
  if (arn.region !== caller.region) throw kinesisError('KMSNotFoundException', `Invalid arn ${arn.region}`);
}
