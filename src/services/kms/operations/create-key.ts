import { defaultKeyPolicy } from '../../../access/keys/key-policy.ts';
import { newKey } from '../../../access/keys/new-key.ts';
import { keysRoom } from '../../../access/keys/room.ts';
import type { KeysState } from '../../../access/keys/state.ts';
import { boolean, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidRequest, limitExceeded, unsupported } from '../errors.ts';
import { operation } from '../operation.ts';
import { callContext } from '../parts/call-context.ts';
import { viewKey } from '../parts/key-view.ts';
import { checkKeyPolicy } from '../parts/policy-check.ts';
import {
  description,
  keyMetadata,
  keySpec,
  keyUsage,
  masterKeySpec,
  origin,
  policy,
  storeId,
  tags,
} from '../parts/shapes.ts';
import { mergeTags, tagRecord } from '../parts/tag.ts';

const input = structure('CreateKeyRequest', {
  Policy: policy,
  Description: description,
  KeyUsage: keyUsage,
  CustomerMasterKeySpec: masterKeySpec,
  KeySpec: keySpec,
  Origin: origin,
  CustomKeyStoreId: storeId,
  BypassPolicyLockoutSafetyCheck: boolean(),
  Tags: tags,
  MultiRegion: boolean(),
  XksKeyId: string({ min: 1, max: 128, pattern: '^[a-zA-Z0-9-_.]+$' }),
});

export const createKey = operation({
  name: 'CreateKey',
  summary: 'Makes a symmetric key for encryption, whose material never leaves the server.',
  runs: 'owner',
  input,
  output: structure('CreateKeyResponse', { KeyMetadata: keyMetadata }),
  prepare: (world, request, caller) => ({
    resource: '*',
    permissions: [
      { action: 'kms:CreateKey', resource: '*' },
      ...(request.Tags === undefined ? [] : [{ action: 'kms:TagResource', resource: '*' }]),
    ],
    context: callContext(world.keys.state, { key: undefined }, caller, {
      tags: tagRecord(request.Tags),
      bypass: request.BypassPolicyLockoutSafetyCheck,
    }),
    run: async () => {
      requireServed(request);
      const key = newKey(world, caller, {
        description: request.Description ?? '',
        policy: request.Policy ?? defaultKeyPolicy(caller),
        tags: mergeTags([], request.Tags),
      });
      if (request.Policy !== undefined) {
        checkKeyPolicy(world, key, request.Policy, caller, request.BypassPolicyLockoutSafetyCheck);
      }
      await world.keys.commit((state) => {
        requireAccountRoom(state, caller.account);
        return [{ kind: 'key-created', key }];
      });
      return { KeyMetadata: viewKey(key) };
    },
  }),
});

/** Of an account in all regions, which callers can make up: half of what the server has room for. */
const accountKeysMax = keysRoom.keysMax / 2;

function requireAccountRoom({ keys }: KeysState, account: string): void {
  let count = 0;
  for (const key of keys.values()) if (key.account === account) count++;
  if (count >= accountKeysMax) {
    throw limitExceeded(`The account ${account} can have at most ${accountKeysMax} keys on this server.`);
  }
}

function requireServed(request: TypeOf<typeof input>): void {
  if (request.KeySpec !== undefined && request.CustomerMasterKeySpec !== undefined) {
    throw invalidRequest(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    );
  }
  const { KeyUsage: usage, Origin: from = 'AWS_KMS', MultiRegion } = request;
  const spec = request.KeySpec ?? request.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (spec !== 'SYMMETRIC_DEFAULT') {
    if (usage === undefined) {
      throw invalidRequest(
        'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
      );
    }
    throw unsupported(`Keys of KeySpec ${spec} are not served.`);
  }
  if (usage !== undefined && usage !== 'ENCRYPT_DECRYPT') {
    throw invalidRequest(`KeyUsage ${usage} is not compatible with KeySpec SYMMETRIC_DEFAULT`);
  }
  if (from !== 'AWS_KMS') throw unsupported(`Keys of Origin ${from} are not served.`);
  if (MultiRegion === true) throw unsupported('Keys of several regions (MultiRegion) are not served.');
  if (request.CustomKeyStoreId !== undefined || request.XksKeyId !== undefined) {
    throw unsupported('Custom key stores are not served.');
  }
}
