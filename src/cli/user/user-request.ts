/** What is asked for about users. */
export type UserRequest = UserAction & {
  readonly place: Place;
  /** For machines. */
  readonly json: boolean;
};

/** Where the users are. */
export type Place = {
  readonly endpoint: string | undefined;
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
  | { readonly kind: 'list' }
  | { readonly kind: 'rotate'; readonly name: string; readonly keepsOld: boolean }
  | {
      readonly kind: 'revoke';
      readonly name: string;
      /** All of the user's keys when undefined. */
      readonly accessKeyId: string | undefined;
      readonly how: 'delete-keys' | 'deactivate-keys' | 'delete-user';
    }
  | { readonly kind: 'policy'; readonly name: string; readonly change: PolicyChange };

export type PolicyChange =
  | { readonly kind: 'list' }
  | { readonly kind: 'put'; readonly file: string; readonly policyName: string }
  | { readonly kind: 'remove'; readonly policyName: string }
  | { readonly kind: 'attach' | 'detach'; readonly arn: string };
