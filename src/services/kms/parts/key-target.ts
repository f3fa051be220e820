import type { Caller } from '../../../access/caller.ts';
import type { KeyEdit } from '../../../access/keys/edit.ts';
import {
  findKey,
  formatAliasArn,
  formatKeyArn,
  type KeyName,
  parseKeyName,
} from '../../../access/keys/key-arn.ts';
import type { KeysState, KmsKey } from '../../../access/keys/state.ts';
import { parseArn } from '../../../kinesis/arn.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { kmsError, notFound } from '../errors.ts';
import type { KmsWorld } from '../world.ts';
import { callContext, type Told } from './call-context.ts';

/** A key as a request names it. */
export type KeyTarget = {
  readonly name: KeyName;
  /** Undefined when there is none of that name: `absent` says so once the caller was authorized. */
  readonly key: KmsKey | undefined;
  /** The ARN that permissions are asked for. */
  readonly arn: string;
  /** The ARN of another account's alias, which a denial is not to take for the key behind it. */
  readonly named?: string;
};

/**
 * Finds the key that a text names: an id, a key's ARN, an alias or an alias's ARN. Throws what AWS answers to
 * texts that name no key whatever the keys are.
 */
export function targetOf(state: KeysState, text: string, caller: Caller): KeyTarget {
  const name = parseKeyName(text, caller);
  if (name === undefined) throw misnamed(text);
  if (name.region !== caller.region) throw notFound(`Invalid arn ${name.region}`);
  const key = findKey(state, name);
  const arn = name.kind === 'key' ? formatKeyArn(name) : key ? formatKeyArn(key) : formatAliasArn(name);
  if (name.kind === 'key' || name.account === caller.account) return { name, key, arn };
  return { name, key, arn, named: formatAliasArn(name) };
}

/** The key of a target. NotFoundException when there is none. */
export function keyOf({ key, name }: KeyTarget): KmsKey {
  if (key !== undefined) return key;
  throw notFound(
    name.kind === 'key'
      ? `Key '${formatKeyArn(name)}' does not exist`
      : `Alias ${formatAliasArn(name)} is not found.`,
  );
}

function misnamed(text: string): ServiceError {
  if (!text.startsWith('arn:')) return notFound(`Invalid keyId '${text}'`);
  return kmsError(
    'InvalidArnException',
    parseArn(text) === undefined ? `Invalid arn ${text}` : `Invalid keyId ${text}`,
  );
}

/** A call about a key that any name may stand for, of any account: what AWS allows across accounts. */
export function onKey<Answer>(
  world: KmsWorld,
  named: string,
  caller: Caller,
  told: Told,
  run: (key: KmsKey) => Promise<Answer>,
): Prepared<Promise<Answer>> {
  return onTarget(world, targetOf(world.keys.state, named, caller), caller, told, run);
}

/** A call about a key of the caller's account, which is named by its id or its ARN, never by an alias. */
export function onOwnKey<Answer>(
  world: KmsWorld,
  named: string,
  caller: Caller,
  told: Told,
  run: (key: KmsKey) => Promise<Answer>,
): Prepared<Promise<Answer>> {
  return onTarget(world, ownTarget(world.keys.state, named, caller), caller, told, run);
}

function onTarget<Answer>(
  { keys }: KmsWorld,
  target: KeyTarget,
  caller: Caller,
  told: Told,
  run: (key: KmsKey) => Promise<Answer>,
): Prepared<Promise<Answer>> {
  return {
    resource: target.arn,
    named: target.named,
    context: callContext(keys.state, target, caller, told),
    run: async () => run(keyOf(target)),
  };
}

/** As `targetOf`, for calls that AWS neither takes aliases for nor carries out across accounts. */
export function ownTarget(state: KeysState, named: string, caller: Caller): KeyTarget {
  const target = targetOf(state, named, caller);
  if (target.name.kind === 'alias') throw notFound(`Invalid keyId '${named}'`);
  // Whoever may use it from elsewhere is told no more than anyone.
  return target.name.account === caller.account ? target : { ...target, key: undefined };
}

type Decide = (key: KmsKey) => readonly KeyEdit[];

/**
 * A call that changes one key of the caller's account. `decide` gets the key as it is when the change is
 * committed.
 */
export function changeKey(
  world: KmsWorld,
  named: string,
  caller: Caller,
  decide: Decide,
  told: Told = {},
): Prepared<Promise<void>> {
  return changedKey(world, named, caller, decide, () => {}, told);
}

/** The same where something is answered of the key as it is then. */
export function changedKey<Answer>(
  world: KmsWorld,
  named: string,
  caller: Caller,
  decide: Decide,
  answer: (key: KmsKey) => Answer,
  told: Told = {},
): Prepared<Promise<Answer>> {
  return onOwnKey(world, named, caller, told, async ({ id }) => {
    const state = await world.keys.commit((current) =>
      decide(requireCustomers(presentKey(current, id, caller), caller)),
    );
    world.background.nudge();
    return answer(presentKey(state, id, caller));
  });
}

function presentKey(state: KeysState, id: string, { account, region }: Caller): KmsKey {
  const name = { kind: 'key', account, region, id } as const;
  return keyOf({ name, key: findKey(state, name), arn: formatKeyArn(name) });
}

/** Nobody changes AWS's own keys, whatever it is allowed (developer guide, "AWS managed keys"). */
export function requireCustomers(key: KmsKey, { arn }: Caller): KmsKey {
  if (key.manager === 'CUSTOMER') return key;
  throw kmsError(
    'AccessDeniedException',
    `User: ${arn} is not authorized to change ${formatKeyArn(key)}, which is managed by AWS.`,
  );
}
