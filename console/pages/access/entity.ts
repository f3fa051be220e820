import { type AttachedPolicy, iam, iamList } from './iam.ts';
import { documentOf } from './policy-text.ts';

/** What policies count for, as IAM's operations are named after it. */
export type EntityKind = 'User' | 'Group' | 'Role';

/** One of them, with the calls that are alike for all three. */
export class Entity {
  readonly kind: EntityKind;
  readonly name: string;
  readonly #named: Readonly<Record<string, string>>;

  constructor(kind: EntityKind, name: string) {
    this.kind = kind;
    this.name = name;
    this.#named = { [`${kind}Name`]: name };
  }

  attached(signal?: AbortSignal): Promise<readonly AttachedPolicy[]> {
    const list = `ListAttached${this.kind}Policies`;
    return iamList<AttachedPolicy>(list, 'AttachedPolicies', this.#named, signal);
  }

  /** The names of its own policies. */
  inline(signal?: AbortSignal): Promise<readonly string[]> {
    return iamList<string>(`List${this.kind}Policies`, 'PolicyNames', this.#named, signal);
  }

  async document(policy: string): Promise<string> {
    const input = { ...this.#named, PolicyName: policy };
    const { PolicyDocument } = await iam<{ PolicyDocument: string }>(`Get${this.kind}Policy`, input);
    return documentOf(PolicyDocument);
  }

  attach(policyArn: string): Promise<unknown> {
    return iam(`Attach${this.kind}Policy`, { ...this.#named, PolicyArn: policyArn });
  }

  detach(policyArn: string): Promise<unknown> {
    return iam(`Detach${this.kind}Policy`, { ...this.#named, PolicyArn: policyArn });
  }

  putInline(policy: string, document: string): Promise<unknown> {
    const input = { ...this.#named, PolicyName: policy, PolicyDocument: document };
    return iam(`Put${this.kind}Policy`, input);
  }

  deleteInline(policy: string): Promise<unknown> {
    return iam(`Delete${this.kind}Policy`, { ...this.#named, PolicyName: policy });
  }

  /** Takes its policies away, which it must not have any more when it is deleted. */
  async clear(): Promise<void> {
    for (const { PolicyArn } of await this.attached()) await this.detach(PolicyArn);
    for (const policy of await this.inline()) await this.deleteInline(policy);
  }

  delete(): Promise<unknown> {
    return iam(`Delete${this.kind}`, this.#named);
  }
}
