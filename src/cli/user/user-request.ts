import type { PlaceOptions } from '../aws-place.ts';

/** What is asked for about users. */
export type UserRequest = UserAction & {
  readonly place: UserPlace;
  /** For machines. */
  readonly json: boolean;
};

/** Where the users are. */
export type UserPlace = PlaceOptions & {
  /** A data directory that no server uses; undefined for a server that runs. */
  readonly data: string | undefined;
  readonly rootKey: string | undefined;
  /** Of a data directory. */
  readonly account: string | undefined;
};

export type UserAction =
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly groups: readonly string[];
      readonly policyArns: readonly string[];
      /** Path of a file with a policy. */
      readonly policyFile: string | undefined;
    }
  /** A key for the root user of an account. */
  | { readonly kind: 'create-root' }
  /** The root user's keys are shown to itself alone. */
  | { readonly kind: 'list'; readonly asRoot: boolean }
  | { readonly kind: 'rotate'; readonly name: string; readonly keepsOld: boolean }
  | {
      readonly kind: 'revoke';
      /** The root user, who calls, when undefined. */
      readonly name: string | undefined;
      /** All of the user's keys when undefined. */
      readonly accessKeyId: string | undefined;
      readonly how: 'delete-keys' | 'deactivate-keys' | 'delete-user';
    }
  | { readonly kind: 'policy'; readonly name: string; readonly change: PolicyChange };

export type PolicyChange =
  | { readonly kind: 'list' }
  /** Without a name it is named as the file is. */
  | { readonly kind: 'put'; readonly file: string; readonly policyName: string | undefined }
  | { readonly kind: 'remove'; readonly policyName: string }
  | { readonly kind: 'attach' | 'detach'; readonly arn: string };
