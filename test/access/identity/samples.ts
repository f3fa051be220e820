import type {
  AccessKey,
  Group,
  ManagedPolicy,
  PolicyVersion,
  Role,
  User,
} from '../../../src/access/identity/state.ts';

export const account = '111111111111';

const holder = { path: '/', createdAt: 1, inline: [], attached: [] };

export function userOf(name: string, parts: Partial<User> = {}): User {
  return { ...holder, id: `AIDA-${name}`, name, boundary: null, tags: [], groups: [], ...parts };
}

export function groupOf(name: string, parts: Partial<Group> = {}): Group {
  return { ...holder, id: `AGPA-${name}`, name, ...parts };
}

export function roleOf(name: string, parts: Partial<Role> = {}): Role {
  const own = { boundary: null, tags: [], trust: '{}', description: '', sessionSecondsMax: 3600 };
  return { ...holder, ...own, id: `AROA-${name}`, name, ...parts };
}

export function policyOf(name: string, parts: Partial<ManagedPolicy> = {}): ManagedPolicy {
  const versions = [versionOf(1)];
  const own = { description: '', tags: [], versions, defaultVersion: 'v1', nextVersion: 2 };
  return { id: `ANPA-${name}`, name, path: '/', createdAt: 1, ...own, ...parts };
}

export function versionOf(number: number, document = '{}'): PolicyVersion {
  return { id: `v${number}`, document, createdAt: 1 };
}

export function keyOf(id: string, user: string | null, parts: Partial<AccessKey> = {}): AccessKey {
  return { id, account, user, secret: 'wrapped', isActive: true, createdAt: 1, ...parts };
}
