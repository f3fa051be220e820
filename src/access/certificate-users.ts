import type { ClientCertificate } from '../env/network.ts';
import type { Account, IdentityState, User } from './identity/state.ts';

/** Whom certificates of clients name. */
export class CertificateUsers {
  readonly #identity: { readonly state: IdentityState };
  readonly #account: string;

  /** `account` is that whose users a common name names. */
  constructor(identity: { readonly state: IdentityState }, account: string) {
    this.#identity = identity;
    this.#account = account;
  }

  /**
   * The user that a verified certificate names: by its ARN as an alternative name, else by the common name.
   * Undefined when it names no one, or one and another.
   */
  named({ subject, uris }: ClientCertificate): NamedUser | undefined {
    const { accounts } = this.#identity.state;
    const arns = uris.filter((uri) => uri.startsWith('arn:'));
    if (arns.length > 1) return undefined;
    const [account, path, name] =
      arns[0] === undefined ? [this.#account, undefined, subject] : partsOf(arns[0]);
    const user = accounts.get(account)?.users.get(name.toLowerCase());
    // Names differ in more than their case, and yet only the name itself is one's own.
    if (user === undefined || user.name !== name || (path ?? user.path) !== user.path) return undefined;
    return { account, user };
  }
}

export type NamedUser = { readonly account: Account['id']; readonly user: User };

/** Of the ARN of a user; of any other ARN, what names none. */
function partsOf(arn: string): readonly [account: string, path: string, name: string] {
  const [, account = '', path = '', name = ''] = userArn.exec(arn) ?? [];
  return [account, path, name];
}

const userArn = /^arn:aws[a-z-]*:iam::(\d{12}):user(\/|\/[!-~]+\/)([\w+=,.@-]+)$/;
