import { callQuery } from '../../api/call.ts';
import { members } from '../../api/xml.ts';

/** Answers of IAM as `callQuery` reads them: all values are texts (IAM API reference, data types). */
export type User = {
  readonly UserName: string;
  readonly UserId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly CreateDate: string;
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string };
};

export type Group = {
  readonly GroupName: string;
  readonly GroupId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly CreateDate: string;
};

export type Role = {
  readonly RoleName: string;
  readonly RoleId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly CreateDate: string;
  /** Percent-encoded. */
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: string;
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string };
};

export type Policy = {
  readonly PolicyName: string;
  readonly Arn: string;
  readonly Path: string;
  readonly DefaultVersionId: string;
  readonly AttachmentCount: string;
  readonly Description?: string;
  readonly CreateDate: string;
  readonly UpdateDate: string;
};

export type AttachedPolicy = { readonly PolicyName: string; readonly PolicyArn: string };

export type AccessKey = {
  readonly AccessKeyId: string;
  readonly Status: 'Active' | 'Inactive';
  readonly CreateDate: string;
  readonly SecretAccessKey?: string;
};

type Input = Readonly<Record<string, unknown>>;

/** Calls IAM. */
export function iam<Answer>(operation: string, input: Input = {}, signal?: AbortSignal): Promise<Answer> {
  return callQuery<Answer>('iam', operation, input, signal === undefined ? {} : { signal });
}

/** All of a list that comes in pages. */
export async function iamList<Member>(
  operation: string,
  list: string,
  input: Input = {},
  signal?: AbortSignal,
): Promise<readonly Member[]> {
  const all: Member[] = [];
  for (let marker: string | undefined; ; ) {
    const page = await iam<Record<string, unknown>>(
      operation,
      { ...input, Marker: marker, MaxItems: 1000 },
      signal,
    );
    all.push(...members(page[list] as readonly Member[] | '' | undefined));
    if (page['IsTruncated'] !== 'true') return all;
    marker = String(page['Marker']);
  }
}

/** Seconds since 1970 of a time as IAM writes it. */
export function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}
