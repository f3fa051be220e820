import { KeyCipher } from '../access/keys/key-cipher.ts';
import type { KeyService } from '../access/keys/key-service.ts';
import type { Keys } from '../access/keys/keys.ts';
import { keyOfArn, LocalKeys } from '../access/keys/local-keys.ts';
import { kinesisKey } from '../access/keys/new-key.ts';
import { openRemoteKeys } from '../access/keys/remote-keys.ts';
import type { RootKey } from '../access/keys/root-key.ts';
import type { ResourceFacts } from '../access/policy/access.ts';
import type { Env } from '../env/env.ts';
import { OwnerKeys } from '../gateway/owner-keys.ts';
import type { RecordsClient } from '../gateway/records-client.ts';
import type { ServerOptions } from './options.ts';

/** What wraps the data keys of streams, and what is known of its keys. */
export type KeyParts = {
  readonly keyService: KeyService;
  readonly factsOfKey: (arn: string) => ResourceFacts | undefined;
};

/** In the owner: the KMS that the options name, or the built-in one. */
export async function ownerKeys(
  options: Pick<ServerOptions, 'kms' | 'kmsCredentials' | 'region'>,
  env: Pick<Env, 'clock' | 'random' | 'client'>,
  { keys, rootKey }: { readonly keys: Keys; readonly rootKey: RootKey },
): Promise<KeyParts> {
  if (options.kms !== undefined) {
    return { keyService: await openRemoteKeys({ ...options, kms: options.kms }, env), factsOfKey: unknown };
  }
  const cipher = new KeyCipher(rootKey, env.random);
  const { clock, random } = env;
  const makeKinesisKey = (scope: Parameters<typeof kinesisKey>[1]) =>
    kinesisKey({ keys, cipher, clock, random }, scope);
  return {
    keyService: new LocalKeys({ keys, cipher, random, makeKinesisKey }),
    factsOfKey: (arn) => factsOf(keys, arn),
  };
}

/** In a worker. */
export function workerKeys(owner: RecordsClient): KeyParts {
  return { keyService: new OwnerKeys(owner), factsOfKey: unknown };
}

/** A KMS elsewhere keeps its policies to itself: what the caller's own say decides here. */
const unknown = () => undefined;

function factsOf(keys: Pick<Keys, 'state'>, arn: string): ResourceFacts | undefined {
  const key = keyOfArn(keys.state, arn);
  return key && { policy: key.policy, tags: key.tags, isPolicyRequired: true };
}
