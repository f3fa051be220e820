import type { Caller } from '../../../access/caller.ts';
import type { IdentityState } from '../../../access/identity/state.ts';
import { keyOf } from '../../../access/identity/state.ts';

/**
 * The caller that reads for a mapping: a session of the function's role. One whose role is gone may do
 * nothing.
 */
export function readerAs(role: string, region: string, { accounts }: IdentityState): Caller {
  const [, , , , account = '', resource = ''] = role.split(':');
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  const id = accounts.get(account)?.roles.get(keyOf(name))?.id ?? '';
  return {
    account,
    region,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    userId: `${id}:${session}`,
    accessKeyId: '',
    principal: { kind: 'role', id, name },
  };
}

const session = 'awslambda';
