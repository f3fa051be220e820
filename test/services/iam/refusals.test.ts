import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowing, IamBench, trusting } from './iam-bench.ts';

type Form = Readonly<Record<string, string>>;

const trust = trusting('lambda.amazonaws.com');
const policy = allowing('kinesis:*');

/** What is there before each of the calls below. */
const made: readonly Form[] = [
  { Action: 'CreateUser', UserName: 'ann' },
  { Action: 'CreateRole', RoleName: 'reader', AssumeRolePolicyDocument: trust },
  { Action: 'CreateGroup', GroupName: 'shop' },
  { Action: 'CreatePolicy', PolicyName: 'read', PolicyDocument: policy },
];

const own = 'arn:aws:iam::111111111111:policy/read';
const missing = 'arn:aws:iam::111111111111:policy/missing';

const statement = (changes: object) => {
  const Statement = [{ Effect: 'Allow', Action: 'kinesis:*', Resource: '*', ...changes }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
};
const put = (PolicyDocument: string): Form => ({
  Action: 'PutUserPolicy',
  UserName: 'ann',
  PolicyName: 'p',
  PolicyDocument,
});

const refused: readonly (readonly [call: Form, answer: string])[] = [
  [{ Action: 'GetUser', UserName: 'bob' }, '404 NoSuchEntity: The user with name bob cannot be found.'],
  [{ Action: 'GetRole', RoleName: 'bob' }, '404 NoSuchEntity: The role with name bob cannot be found.'],
  [{ Action: 'GetGroup', GroupName: 'bob' }, '404 NoSuchEntity: The group with name bob cannot be found.'],
  [{ Action: 'GetPolicy', PolicyArn: missing }, `404 NoSuchEntity: Policy ${missing} was not found.`],
  [
    { Action: 'GetPolicyVersion', PolicyArn: own, VersionId: 'v2' },
    `404 NoSuchEntity: Policy ${own} version v2 does not exist or is not attachable.`,
  ],
  [
    { Action: 'GetUserPolicy', UserName: 'ann', PolicyName: 'p' },
    '404 NoSuchEntity: The user policy with name p cannot be found.',
  ],
  [
    { Action: 'DeleteRolePolicy', RoleName: 'reader', PolicyName: 'p' },
    '404 NoSuchEntity: The role policy with name p cannot be found.',
  ],
  [
    { Action: 'AttachUserPolicy', UserName: 'ann', PolicyArn: missing },
    `404 NoSuchEntity: Policy ${missing} does not exist or is not attachable.`,
  ],
  [
    { Action: 'DetachGroupPolicy', GroupName: 'shop', PolicyArn: own },
    `404 NoSuchEntity: Policy ${own} was not found.`,
  ],
  [
    { Action: 'PutRolePermissionsBoundary', RoleName: 'reader', PermissionsBoundary: missing },
    `404 NoSuchEntity: Scope ARN: ${missing} does not exist or is not attachable.`,
  ],
  [
    { Action: 'CreateRole', RoleName: 'READER', AssumeRolePolicyDocument: trust },
    '409 EntityAlreadyExists: Role with name READER already exists.',
  ],
  [
    { Action: 'CreateGroup', GroupName: 'Shop' },
    '409 EntityAlreadyExists: Group with name Shop already exists.',
  ],
  [
    { Action: 'CreatePolicy', PolicyName: 'Read', PolicyDocument: policy },
    '409 EntityAlreadyExists: A policy called Read already exists. Duplicate names are not allowed.',
  ],
  [put('{'), '400 MalformedPolicyDocument: This policy contains invalid Json'],
  [
    put('{"Statement":{"Effect":"Maybe"}}'),
    '400 MalformedPolicyDocument: Syntax errors in policy. An Effect is neither Allow nor Deny.',
  ],
  [
    put(statement({ Action: undefined })),
    '400 MalformedPolicyDocument: Policy statement must contain actions.',
  ],
  [
    put(statement({ Resource: undefined })),
    '400 MalformedPolicyDocument: Policy statement must contain resources.',
  ],
  [
    put(statement({ Principal: '*' })),
    '400 MalformedPolicyDocument: Policy document should not specify a principal.',
  ],
  [
    put(statement({ Condition: { StringFoo: { 'aws:username': 'a' } } })),
    '400 MalformedPolicyDocument: Invalid Condition type : StringFoo.',
  ],
  [put(statement({ Sid: 'Ω' })), '400 MalformedPolicyDocument: Syntax errors in policy.'],
  [
    { Action: 'UpdateAssumeRolePolicy', RoleName: 'reader', PolicyDocument: policy },
    '400 MalformedPolicyDocument: Missing required field Principal',
  ],
  [
    { Action: 'CreateRole', RoleName: 'b', AssumeRolePolicyDocument: statement({ Principal: '*' }) },
    '400 MalformedPolicyDocument: Has prohibited field Resource',
  ],
  [
    put(statement({ Action: Array.from({ length: 200 }, (_, index) => `kinesis:Put${index}`) })),
    '409 LimitExceeded: Maximum policy size of 2048 bytes exceeded for user ann',
  ],
  [
    { Action: 'UpdateAssumeRolePolicy', RoleName: 'reader', PolicyDocument: trusting('a'.repeat(2048)) },
    '409 LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048',
  ],
  [
    { Action: 'CreatePolicy', PolicyName: 'b', PolicyDocument: allowing('a'.repeat(6144)) },
    '409 LimitExceeded: Cannot exceed quota for PolicySize: 6144',
  ],
  [
    {
      Action: 'TagUser',
      UserName: 'ann',
      'Tags.member.1.Key': 'a',
      'Tags.member.1.Value': '1',
      'Tags.member.2.Key': 'A',
      'Tags.member.2.Value': '2',
    },
    '400 InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  ],
  [
    { Action: 'GetPolicy', PolicyArn: 'arn:aws:iam::111111111111:user/ann' },
    '400 InvalidInput: ARN arn:aws:iam::111111111111:user/ann is not valid.',
  ],
  [{ Action: 'ListUsers', Marker: 'a' }, '400 ValidationError: Invalid Marker.'],
  [
    { Action: 'GetRole', RoleName: 'a b' },
    "400 ValidationError: 1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: [\\w+=,.@-]+',
  ],
  [
    { Action: 'CreateUser' },
    "400 ValidationError: 1 validation error detected: Value null at 'userName' failed to satisfy constraint: " +
      'Member must not be null',
  ],
  [{ Action: 'CreateLoginProfile' }, '400 InvalidAction: CreateLoginProfile is not served yet.'],
  [{ Action: 'MakeCoffee' }, '400 InvalidAction: Could not find operation MakeCoffee for version 2010-05-08'],
  [
    { Action: 'GetPolicy', PolicyArn: 'arn:aws:iam::222222222222:policy/read' },
    '403 AccessDenied: User: arn:aws:iam::111111111111:root is not authorized to perform: iam:GetPolicy on ' +
      'resource: arn:aws:iam::222222222222:policy/read because no resource-based policy allows the ' +
      'iam:GetPolicy action',
  ],
  [
    { Action: 'DeletePolicy', PolicyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' },
    '400 InvalidInput: Operation cannot be performed on an AWS managed policy.',
  ],
  [
    { Action: 'AttachUserPolicy', UserName: 'ann', PolicyArn: 'arn:aws:iam::aws:policy/AWSDenySome' },
    '400 PolicyNotAttachable: The policy arn:aws:iam::aws:policy/AWSDenySome denies actions, and this server ' +
      'does not know which.',
  ],
];

test('what is refused is refused with the name, the status and the text that AWS has', async () => {
  const bench = await IamBench.start();
  for (const form of made) assert.match(await bench.post(form), /^200 /);
  const { state } = bench.identity;
  for (const [form, answer] of refused) {
    const xml = await bench.post(form);
    const [, status, code, message] = /^(\d+) .*<Code>(.*)<\/Code><Message>(.*)<\/Message>/s.exec(xml) ?? [];
    assert.equal(`${status} ${code}: ${message?.replaceAll('&apos;', "'")}`, answer);
  }
  assert.equal(bench.identity.state, state, 'a refused call has changed something');
});
