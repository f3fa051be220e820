import type { AccessKey, Account, Group, ManagedPolicy, Role, User } from './state.ts';

/**
 * A fact about users and policies, as journalled: what became true, not what was asked for. What is there
 * "from now on" is there as a whole, whether it was before or not.
 */
export type IdentityEdit =
  /** What session tokens are made with, wrapped. */
  | { readonly kind: 'session-secret-made'; readonly secret: string }
  | { readonly kind: 'user-changed'; readonly account: string; readonly user: User }
  /** A user has another name, or path; its access keys stay its own. `from` is the name before. */
  | { readonly kind: 'user-renamed'; readonly account: string; readonly from: string; readonly user: User }
  /** With its access keys. */
  | { readonly kind: 'user-deleted'; readonly account: string; readonly name: string }
  | { readonly kind: 'group-changed'; readonly account: string; readonly group: Group }
  /** A group has another name, or path; its users stay in it. */
  | { readonly kind: 'group-renamed'; readonly account: string; readonly from: string; readonly group: Group }
  /** No user is in it any more. */
  | { readonly kind: 'group-deleted'; readonly account: string; readonly name: string }
  | { readonly kind: 'role-changed'; readonly account: string; readonly role: Role }
  | { readonly kind: 'role-deleted'; readonly account: string; readonly name: string }
  | { readonly kind: 'policy-changed'; readonly account: string; readonly policy: ManagedPolicy }
  | { readonly kind: 'policy-deleted'; readonly account: string; readonly name: string }
  /** The key is there and looks like this from now on. */
  | { readonly kind: 'access-key-changed'; readonly key: AccessKey }
  | { readonly kind: 'access-key-deleted'; readonly id: string }
  /** The whole state: whatever came before is no longer needed. */
  | {
      readonly kind: 'snapshot';
      readonly sessionSecret: string;
      readonly accounts: readonly AccountContents[];
      readonly accessKeys: readonly AccessKey[];
    };

/** An account with its maps as lists. */
export type AccountContents = {
  readonly [Name in keyof Account]: Account[Name] extends ReadonlyMap<string, infer Thing>
    ? readonly Thing[]
    : Account[Name];
};

/** Whether this program knows what an edit is about; a newer one may know more. */
export function isKnown(edit: IdentityEdit): boolean {
  return Object.hasOwn(editKinds, edit.kind);
}

const editKinds: Record<IdentityEdit['kind'], true> = {
  'session-secret-made': true,
  'user-changed': true,
  'user-renamed': true,
  'user-deleted': true,
  'group-changed': true,
  'group-renamed': true,
  'group-deleted': true,
  'role-changed': true,
  'role-deleted': true,
  'policy-changed': true,
  'policy-deleted': true,
  'access-key-changed': true,
  'access-key-deleted': true,
  snapshot: true,
};
