import type { Caller } from '../../../access/caller.ts';
import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import type { EncryptionContext } from '../../../access/keys/key-service.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { dryRun, invalidRequest } from '../errors.ts';
import type { KmsWorld } from '../world.ts';
import { checkCrypto, encrypted } from './crypto-request.ts';
import { onKey } from './key-target.ts';
import { materialId } from './key-view.ts';

type DataKeyRequest = {
  readonly KeyId: string;
  readonly EncryptionContext?: EncryptionContext;
  readonly NumberOfBytes?: number;
  readonly KeySpec?: 'AES_256' | 'AES_128';
  readonly GrantTokens?: readonly string[];
  readonly Recipient?: object;
  readonly DryRun?: boolean;
};

type DataKey = {
  readonly CiphertextBlob: Buffer;
  readonly Plaintext: Buffer;
  readonly KeyId: string;
  readonly KeyMaterialId: string;
};

/** Makes a data key, in clear and encrypted. */
export function newDataKey(
  world: KmsWorld,
  request: DataKeyRequest,
  caller: Caller,
): Prepared<Promise<DataKey>> {
  const { KeyId, EncryptionContext: context, GrantTokens, Recipient, DryRun } = request;
  return onKey(world, KeyId, caller, { context }, async (key) => {
    checkCrypto({ GrantTokens, Recipient });
    const length = lengthOf(request);
    // A page of random bytes may be shared: a secret is given away whole.
    const Plaintext = Buffer.from(world.random.bytes(length));
    const CiphertextBlob = encrypted(world, key, Plaintext, context);
    if (DryRun === true) throw dryRun();
    const KeyMaterialId = materialId(key, key.versions.length);
    return { CiphertextBlob, Plaintext, KeyId: formatKeyArn(key), KeyMaterialId };
  });
}

function lengthOf({ NumberOfBytes, KeySpec }: DataKeyRequest): number {
  if ((NumberOfBytes === undefined) === (KeySpec === undefined)) {
    throw invalidRequest('Please specify either number of bytes or key spec.');
  }
  return NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32);
}
