// AWS's quotas, from the IAM user guide, "IAM and AWS STS quotas": the default values, or the only ones.
// Sizes of policies are in characters other than white space.

/** Users of an account. */
export const usersMax = 5000;
/** Groups of an account. */
export const groupsMax = 300;
/** Roles of an account. */
export const rolesMax = 1000;
/** Customer managed policies of an account. */
export const managedPoliciesMax = 1500;
/** Access keys of a user, inactive ones included. */
export const accessKeysMax = 2;
/** Groups that a user is in. */
export const groupsOfUserMax = 10;
/** Managed policies that are attached to one user, group or role. */
export const attachedPoliciesMax = 10;
/** Versions of a managed policy. */
export const policyVersionsMax = 5;
/** Tags of a user, a role or a managed policy. */
export const tagsMax = 50;
/** All inline policies of a user, together. */
export const userPolicyCharactersMax = 2048;
/** All inline policies of a group, together. */
export const groupPolicyCharactersMax = 5120;
/** All inline policies of a role, together. */
export const rolePolicyCharactersMax = 10_240;
/** A version of a managed policy. */
export const managedPolicyCharactersMax = 6144;
/** A role's trust policy. */
export const trustCharactersMax = 2048;

// What a server has room for. These limits are ours, not AWS's, and hold whatever the quotas are. All of it
// is in the memory of every thread, is journalled as it comes, and is read again at each start.

/** Accounts that have users, groups, roles or policies. */
export const accountsMax = 1000;
/**
 * Users, groups, roles, policies and access keys, over all accounts. Each round of changes copies lists of
 * them.
 */
export const thingsMax = 50_000;
/**
 * Names, paths, tags, descriptions and policies, over all accounts. A snapshot is one string, in V8 of less
 * than 2^29 characters, and JSON may need 6 for one.
 */
export const identityCharactersMax = 32 * 1024 * 1024;
