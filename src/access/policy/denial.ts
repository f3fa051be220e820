import { ServiceError } from '../../wire/service-error.ts';
import type { Access } from './access.ts';
import type { Decision, PolicyType } from './decision.ts';

/** AWS's answer to what was not allowed (IAM user guide, "Troubleshoot access denied error messages"). */
export function denial(access: Access, decision: Pick<Decision, 'kind' | 'type'>): ServiceError {
  const { caller, action, resource } = access;
  return new ServiceError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${access.named ?? resource} ` +
      reasonOf(action, decision, access.facts?.isPolicyRequired === true),
  );
}

/** `because no identity-based policy allows the kinesis:PutRecord action`. */
export function reasonOf(
  action: string,
  { kind, type }: Pick<Decision, 'kind' | 'type'>,
  isPolicyRequired: boolean,
): string {
  const isTrust = type === 'resource' && isPolicyRequired && action.startsWith('sts:');
  if (kind === 'explicit') {
    return `with an explicit deny in ${isTrust ? 'the role trust policy' : denying[type!]}`;
  }
  return `because no ${isTrust ? 'role trust policy' : allowing[type!]} allows the ${action} action`;
}

const denying: Readonly<Record<PolicyType, string>> = {
  identity: 'an identity-based policy',
  resource: 'a resource-based policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
};

const allowing: Readonly<Record<PolicyType, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};
