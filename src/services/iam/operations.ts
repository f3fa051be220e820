import type { IamOperation } from './operation.ts';
import { accessKeyOperations } from './operations/access-key.ts';
import { attachedPolicyOperations } from './operations/attached-policy.ts';
import { authorizationDetailsOperations } from './operations/authorization-details.ts';
import { boundaryOperations } from './operations/boundary.ts';
import { groupOperations } from './operations/group.ts';
import { groupMemberOperations } from './operations/group-member.ts';
import { inlinePolicyOperations } from './operations/inline-policy.ts';
import { managedPolicyOperations } from './operations/managed-policy.ts';
import { policyEntitiesOperations } from './operations/policy-entities.ts';
import { policyVersionOperations } from './operations/policy-version.ts';
import { roleOperations } from './operations/role.ts';
import { roleSettingsOperations } from './operations/role-settings.ts';
import { simulateOperations } from './operations/simulate.ts';
import { summaryOperations } from './operations/summary.ts';
import { tagOperations } from './operations/tags.ts';
import { userOperations } from './operations/user.ts';
import { groups, roles, users } from './parts/kind.ts';
import { taggedKind, taggedPolicies } from './parts/tagged.ts';

const all: readonly IamOperation[] = [
  ...userOperations,
  ...accessKeyOperations,
  ...groupOperations,
  ...groupMemberOperations,
  ...roleOperations,
  ...roleSettingsOperations,
  ...managedPolicyOperations,
  ...policyVersionOperations,
  ...policyEntitiesOperations,
  ...inlinePolicyOperations(users),
  ...inlinePolicyOperations(groups),
  ...inlinePolicyOperations(roles),
  ...attachedPolicyOperations(users),
  ...attachedPolicyOperations(groups),
  ...attachedPolicyOperations(roles),
  ...boundaryOperations(users),
  ...boundaryOperations(roles),
  ...tagOperations(taggedKind(users)),
  ...tagOperations(taggedKind(roles)),
  ...tagOperations(taggedPolicies),
  ...summaryOperations,
  ...authorizationDetailsOperations,
  ...simulateOperations,
];

/** IAM's operations, by name. */
export const operations: ReadonlyMap<string, IamOperation> = new Map(all.map((one) => [one.name, one]));
