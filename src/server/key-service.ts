import { findKey } from '../access/keys/key-arn.ts';
import type { KeyScope, KeyService } from '../access/keys/key-service.ts';
import type { Keys } from '../access/keys/keys.ts';
import { keyOfArn, LocalKeys } from '../access/keys/local-keys.ts';
import { kinesisAlias, kinesisKey } from '../access/keys/new-key.ts';
import type { KmsKey } from '../access/keys/state.ts';
import type { ResourceFacts } from '../access/policy/access.ts';
import type { Env } from '../env/env.ts';
import { KeyError } from '../log/log.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { ServerOptions } from './options.ts';

/** What wraps the data keys of streams, and what is known of its keys. */
export type KnownKeyService = {
  readonly service: KeyService;
  /** What is known of a KMS key, by its ARN. */
  readonly factsOf: (arn: string) => ResourceFacts | undefined;
};

/** The KMS that the options name; undefined for the built-in one. Rejects with `StartError`. */
export async function openKeysElsewhere(
  options: Pick<ServerOptions, 'kms' | 'kmsCredentials' | 'region'>,
  env: Pick<Env, 'clock' | 'random' | 'client'>,
): Promise<KeyService | undefined> {
  const { kms } = options;
  if (kms === undefined) return undefined;
  const { openRemoteKeys } = await import('../access/keys/remote-keys.ts');
  return await openRemoteKeys({ ...options, kms }, env);
}

/** The KMS of this thread's streams: the built-in one is in every thread. */
export function keyServiceIn(
  { kms }: Pick<ServerOptions, 'kms'>,
  { clock, random }: Pick<Env, 'clock' | 'random'>,
  { control, security, keysElsewhere, owner }: GatewayParts,
): KnownKeyService {
  // A KMS elsewhere keeps its policies to itself: what the caller's own say decides here.
  if (kms !== undefined) return { service: keysElsewhere!, factsOf: () => undefined };
  const { keys } = control;
  const { cipher } = security;
  const makeKinesisKey = (scope: KeyScope) =>
    owner === undefined
      ? kinesisKey({ keys, cipher, clock, random }, scope)
      : madeByOwner(keys, keysElsewhere!, scope);
  return {
    service: new LocalKeys({ keys, cipher, random, makeKinesisKey }),
    factsOf: (arn) => factsOf(keys, arn),
  };
}

/** Only the owner commits; what it has answered, the journal's replica here shows. */
async function madeByOwner(keys: Keys, owner: KeyService, scope: KeyScope): Promise<KmsKey> {
  await owner.describe(kinesisAlias, scope);
  const { account, region } = scope;
  const key = findKey(keys.state, { kind: 'alias', account, region, name: kinesisAlias });
  if (key === undefined) throw new KeyError(`${kinesisAlias} is gone.`, 'missing');
  return key;
}

function factsOf({ state }: Pick<Keys, 'state'>, arn: string): ResourceFacts | undefined {
  const key = keyOfArn(state, arn);
  return key && { policy: key.policy, tags: key.tags, isPolicyRequired: true };
}
