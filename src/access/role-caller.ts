import type { Caller } from './caller.ts';
import type { IdentityState } from './identity/state.ts';
import { keyOf } from './identity/state.ts';

/**
 * The caller that a service is when it acts as a role: a session of it, which is called as the service calls
 * it. One whose role is gone may do nothing.
 */
export function callerAs(
  role: string,
  session: string,
  region: string,
  { accounts }: Pick<IdentityState, 'accounts'>,
): Caller {
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
