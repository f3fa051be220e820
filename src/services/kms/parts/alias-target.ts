import type { Caller } from '../../../access/caller.ts';
import { formatAliasArn, parseKeyName } from '../../../access/keys/key-arn.ts';
import type { Alias, KeysState, KmsKey } from '../../../access/keys/state.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { invalidRequest, kmsError } from '../errors.ts';
import type { KmsWorld } from '../world.ts';
import { callContext } from './call-context.ts';
import { type KeyTarget, keyOf, ownTarget, requireCustomers } from './key-target.ts';

type AliasName = Pick<Alias, 'account' | 'region' | 'name'>;

/** An alias of the caller's account, as requests for aliases name one: without an ARN. */
export function aliasNamed(name: string, { account, region }: Caller): AliasName {
  if (!name.startsWith('alias/')) {
    throw invalidRequest(
      'Alias must start with the prefix "alias/". Please see ' +
        'https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith('alias/aws/')) throw kmsError('NotAuthorizedException');
  if (name.includes(':') || name === 'alias/') {
    throw invalidRequest(`${name} contains invalid characters for an alias`);
  }
  return { account, region, name };
}

/** Aliases of a key at most (developer guide, "Resource quotas"). */
export const aliasesPerKeyMax = 50;

export function missingAlias(name: AliasName) {
  return kmsError('NotFoundException', `Alias ${formatAliasArn(name)} is not found.`);
}

/**
 * A call that changes an alias. It needs permission for the alias and for each of the keys that are named,
 * which are of the caller's account; `run` gets them.
 */
export function onAlias(
  { keys }: KmsWorld,
  action: string,
  alias: AliasName,
  keyIds: readonly string[],
  caller: Caller,
  run: (found: readonly KmsKey[]) => Promise<void>,
): Prepared<Promise<void>> {
  const arn = formatAliasArn(alias);
  const targets = keyIds.map((id) => aliasedTarget(keys.state, id, caller));
  return {
    resource: arn,
    permissions: [arn, ...targets.map((target) => target.arn)].map((resource) => ({ action, resource })),
    context: callContext(keys.state, { key: targets[0]?.key }, caller, {}),
    run: async () => run(targets.map((target) => requireCustomers(keyOf(target), caller))),
  };
}

function aliasedTarget(state: KeysState, id: string, caller: Caller): KeyTarget {
  if (parseKeyName(id, caller)?.kind === 'alias')
    throw invalidRequest('Aliases must refer to keys. Not aliases');
  return ownTarget(state, id, caller);
}
