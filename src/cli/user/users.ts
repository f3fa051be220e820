import { type IamClient, IamError } from './iam-client.ts';
import { textBelow, type XmlElement } from './xml-tree.ts';

/** An access key, as it is shown once. */
export type NewKey = {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export type ListedKey = {
  readonly accessKeyId: string;
  readonly isActive: boolean;
  readonly createdAt: string;
};

export type ListedUser = { readonly name: string; readonly arn: string; readonly keys: readonly ListedKey[] };

/** The policies that say what a user may do. */
export type UserPolicies = {
  /** Names of policies of its own. */
  readonly inline: readonly string[];
  /** ARNs. */
  readonly attached: readonly string[];
  readonly groups: readonly string[];
};

export type NewUser = {
  readonly name: string;
  readonly groups: readonly string[];
  readonly policyArns: readonly string[];
  readonly policy: NamedPolicy | undefined;
};

export type NamedPolicy = { readonly name: string; readonly document: string };

/** What the root user is called, who has no name. */
export const rootName = 'root';

/** Users, by IAM's operations. All reject with `IamError` when one is refused. */
export class Users {
  readonly #iam: IamClient;

  constructor(iam: IamClient) {
    this.#iam = iam;
  }

  /** Makes a user with all that was asked for and an access key, or nothing. */
  async create({ name: UserName, groups, policyArns, policy }: NewUser): Promise<NewKey> {
    await this.#iam.call('CreateUser', { UserName });
    try {
      for (const GroupName of groups) await this.#iam.call('AddUserToGroup', { UserName, GroupName });
      for (const PolicyArn of policyArns) await this.#iam.call('AttachUserPolicy', { UserName, PolicyArn });
      if (policy !== undefined) await this.putPolicy(UserName, policy);
      return await this.createKey(UserName);
    } catch (error) {
      if (!(error instanceof IamError)) throw error;
      await this.#unmake(UserName, error);
      throw error;
    }
  }

  async #unmake(UserName: string, { code, message }: IamError): Promise<void> {
    try {
      await this.delete(UserName);
    } catch (error) {
      if (!(error instanceof IamError)) throw error;
      throw new IamError(code, `${message} ${UserName} was made, and is left: ${error.message}`);
    }
  }

  /** A key for a user; for the caller, who may be the root user, without a name. */
  async createKey(UserName?: string): Promise<NewKey> {
    const answer = await this.#iam.call('CreateAccessKey', { UserName });
    return {
      userName: textBelow(answer, 'AccessKey', 'UserName'),
      accessKeyId: textBelow(answer, 'AccessKey', 'AccessKeyId'),
      secretAccessKey: textBelow(answer, 'AccessKey', 'SecretAccessKey'),
    };
  }

  async list(): Promise<readonly ListedUser[]> {
    const users: ListedUser[] = [];
    for (const user of await this.#iam.list('ListUsers', 'Users')) {
      const name = textBelow(user, 'UserName');
      users.push({ name, arn: textBelow(user, 'Arn'), keys: await this.keys(name) });
    }
    return users;
  }

  /** The root user, who has to be the caller; nobody while it has no keys. */
  async root(): Promise<readonly ListedUser[]> {
    const keys = await this.keys();
    const arn = textBelow(await this.#iam.call('GetUser'), 'User', 'Arn');
    return keys.length === 0 ? [] : [{ name: rootName, arn, keys }];
  }

  /** Of the caller, who may be the root user, without a name. */
  async keys(UserName?: string): Promise<readonly ListedKey[]> {
    const keys = await this.#iam.list('ListAccessKeys', 'AccessKeyMetadata', { UserName });
    return keys.map((key) => ({
      accessKeyId: textBelow(key, 'AccessKeyId'),
      isActive: textBelow(key, 'Status') === 'Active',
      createdAt: textBelow(key, 'CreateDate'),
    }));
  }

  async deactivateKey(UserName: string | undefined, AccessKeyId: string): Promise<void> {
    await this.#iam.call('UpdateAccessKey', { UserName, AccessKeyId, Status: 'Inactive' });
  }

  async deleteKey(UserName: string | undefined, AccessKeyId: string): Promise<void> {
    await this.#iam.call('DeleteAccessKey', { UserName, AccessKeyId });
  }

  /** Takes everything from a user that it must not have when it is deleted, and deletes it. */
  async delete(UserName: string): Promise<void> {
    for (const { accessKeyId } of await this.keys(UserName)) await this.deleteKey(UserName, accessKeyId);
    const { inline, attached, groups } = await this.policies(UserName);
    for (const name of inline) await this.removePolicy(UserName, name);
    for (const arn of attached) await this.detachPolicy(UserName, arn);
    for (const GroupName of groups) await this.#iam.call('RemoveUserFromGroup', { UserName, GroupName });
    await this.#iam.call('DeleteUser', { UserName });
  }

  async policies(UserName: string): Promise<UserPolicies> {
    const attached = await this.#iam.list('ListAttachedUserPolicies', 'AttachedPolicies', { UserName });
    const inline = await this.#iam.list('ListUserPolicies', 'PolicyNames', { UserName });
    const groups = await this.#iam.list('ListGroupsForUser', 'Groups', { UserName });
    const texts = (elements: readonly XmlElement[], name: string) =>
      elements.map((element) => textBelow(element, name));
    return {
      inline: inline.map(({ text }) => text),
      attached: texts(attached, 'PolicyArn'),
      groups: texts(groups, 'GroupName'),
    };
  }

  async putPolicy(
    UserName: string,
    { name: PolicyName, document: PolicyDocument }: NamedPolicy,
  ): Promise<void> {
    await this.#iam.call('PutUserPolicy', { UserName, PolicyName, PolicyDocument });
  }

  async removePolicy(UserName: string, PolicyName: string): Promise<void> {
    await this.#iam.call('DeleteUserPolicy', { UserName, PolicyName });
  }

  async attachPolicy(UserName: string, PolicyArn: string): Promise<void> {
    await this.#iam.call('AttachUserPolicy', { UserName, PolicyArn });
  }

  async detachPolicy(UserName: string, PolicyArn: string): Promise<void> {
    await this.#iam.call('DetachUserPolicy', { UserName, PolicyArn });
  }
}
