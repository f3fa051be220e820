import type { Clock, Millis } from '../../env/clock.ts';
import { type Random, uuid } from '../../env/random.ts';
import { findKey } from './key-arn.ts';
import type { KeyCipher } from './key-cipher.ts';
import { managedKeyPolicy } from './key-policy.ts';
import type { KeyScope } from './key-service.ts';
import type { Keys } from './keys.ts';
import type { KeySettings, KmsKey } from './state.ts';

/** What a new key is made with. */
export type NewKeyWorld = {
  readonly keys: Keys;
  readonly cipher: KeyCipher;
  readonly clock: Clock;
  readonly random: Random;
};

/** An enabled key with fresh material; it is nowhere yet. */
export function newKey(
  { cipher, random, clock }: Omit<NewKeyWorld, 'keys'>,
  { account, region }: KeyScope,
  settings: Pick<KeySettings, 'description' | 'policy' | 'tags'> &
    Partial<Pick<KmsKey, 'manager' | 'rotation'>>,
): KmsKey {
  const id = uuid(random);
  const createdAt = clock.now();
  return {
    id,
    account,
    region,
    status: 'Enabled',
    deletionAt: null,
    rotation: null,
    manager: 'CUSTOMER',
    ...settings,
    createdAt,
    versions: [cipher.newVersion(id, 1, createdAt, 'creation')],
  };
}

/** The alias of the key that streams are encrypted with when no other is named. */
export const kinesisAlias = 'alias/aws/kinesis';

/** The key behind `alias/aws/kinesis` of an account in a region, made when it is not there. */
export async function kinesisKey(world: NewKeyWorld, scope: KeyScope): Promise<KmsKey> {
  const { keys, clock } = world;
  const scoped = { account: scope.account, region: scope.region, name: kinesisAlias };
  const name = { kind: 'alias', ...scoped } as const;
  const found = findKey(keys.state, name);
  if (found !== undefined) return found;
  const now = clock.now();
  const key = newKey(world, scope, {
    description: 'Default key that protects my Kinesis data when no other key is defined',
    policy: managedKeyPolicy('kinesis', scope),
    tags: [],
    manager: 'AWS',
    rotation: { periodDays: 365, nextAt: now + 365 * dayMs },
  });
  const alias = { ...scoped, key: key.id, createdAt: now, changedAt: now };
  const state = await keys.commit((current) =>
    findKey(current, name) === undefined
      ? [
          { kind: 'key-created', key },
          { kind: 'alias-set', alias },
        ]
      : [],
  );
  return findKey(state, name)!;
}

export const dayMs: Millis = 24 * 3600 * 1000;
