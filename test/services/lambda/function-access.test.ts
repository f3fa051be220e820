import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { handlerZip, lambdaServer, madeOf, refusalOf } from './function-calls.ts';

// A server that verifies signatures: its root user, and users of it.

let world: Awaited<ReturnType<typeof lambdaServer>>;
let iam: IAMClient;
let account: string;
const clients: { destroy(): void }[] = [];
before(async () => {
  world = await lambdaServer({ auth: 'required' });
  iam = new IAMClient(world.server.clientConfig);
  clients.push(iam);
  account = await makeRole('trusting', 'lambda.amazonaws.com');
  await makeRole('other', 'ec2.amazonaws.com');
});
after(async () => {
  for (const client of clients) client.destroy();
  await world[Symbol.asyncDispose]();
});

/** Answers its account. */
async function makeRole(RoleName: string, Service: string, of = iam): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await of.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  return Role!.Arn!.split(':')[4]!;
}

const roleOf = (name: string) => `arn:aws:iam::${account}:role/${name}`;

/** A client of a new user that may do what the statements say. */
async function userWith(UserName: string, Statement: object[]): Promise<LambdaClient> {
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  if (Statement.length > 0) {
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const client = new LambdaClient({ ...world.server.clientConfig, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const made = (name: string, role: string) => new CreateFunctionCommand(madeOf(name, { Role: roleOf(role) }));

test('a function takes a role that trusts Lambda, from someone who may pass it', async () => {
  const { client } = world;
  await client.send(made('by-root', 'trusting'));
  const unfit =
    '400 InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.';
  assert.equal(await refusalOf(client.send(made('x', 'other'))), unfit);
  assert.equal(await refusalOf(client.send(made('x', 'none'))), unfit);
  const lambdaOnly = { Effect: 'Allow', Action: 'lambda:*', Resource: '*' };
  const maker = await userWith('maker', [lambdaOnly]);
  assert.match(
    await refusalOf(maker.send(made('by-maker', 'trusting'))),
    /^403 AccessDeniedException: User: .*user\/maker is not authorized to perform: iam:PassRole on resource: .*role\/trusting/,
  );
  const Condition = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
  const pass = { Effect: 'Allow', Action: 'iam:PassRole', Resource: roleOf('trusting'), Condition };
  const passer = await userWith('passer', [lambdaOnly, pass]);
  await passer.send(made('by-passer', 'trusting'));
});

test('a zip is fetched by a URL that its caller got, for as long as the caller may', async () => {
  const reader = await userWith('reader', [{ Effect: 'Allow', Action: 'lambda:GetFunction', Resource: '*' }]);
  const { Code } = await reader.send(new GetFunctionCommand({ FunctionName: 'by-root' }));
  const fetched = await fetch(Code!.Location!);
  assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), handlerZip);
  const other = await fetch(Code!.Location!.replace('by-root', 'by-passer'));
  assert.equal(other.status, 403);
});

test('the policy of a function lets others call it, and nothing else', async () => {
  await world.server.lambda('open', () => 'called', { role: roleOf('trusting') });
  const guest = await userWith('guest', []);
  const call = () => refusalOf(guest.send(new InvokeCommand({ FunctionName: 'open' })));
  assert.match(
    await call(),
    /^403 AccessDeniedException: .* not authorized to perform: lambda:InvokeFunction on resource: .*:function:open/,
  );
  const permission = {
    ...{ FunctionName: 'open', StatementId: 'guest', Action: 'lambda:InvokeFunction' },
    Principal: `arn:aws:iam::${account}:user/guest`,
  };
  const { Statement } = await world.client.send(new AddPermissionCommand(permission));
  assert.deepEqual(JSON.parse(Statement!), {
    ...{ Sid: 'guest', Effect: 'Allow', Principal: { AWS: permission.Principal } },
    ...{ Action: 'lambda:InvokeFunction', Resource: `arn:aws:lambda:us-east-1:${account}:function:open` },
  });
  assert.equal(await call(), 'it was carried out');
  assert.match(
    await refusalOf(guest.send(new GetFunctionCommand({ FunctionName: 'open' }))),
    /^403 AccessDeniedException/,
  );
  await world.client.send(new RemovePermissionCommand({ FunctionName: 'open', StatementId: 'guest' }));
  assert.match(await call(), /^403 AccessDeniedException/);
});

test("policies are of AWS's form, and are changed by those who have seen them", async () => {
  const { client } = world;
  await client.send(made('policed', 'trusting'));
  const add = (changes: object) =>
    client.send(
      new AddPermissionCommand({
        ...{ FunctionName: 'policed', StatementId: 's3', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 's3.amazonaws.com', ...changes },
      }),
    );
  const get = () => client.send(new GetPolicyCommand({ FunctionName: 'policed' }));
  assert.equal(
    await refusalOf(get()),
    '404 ResourceNotFoundException: The resource you requested does not exist.',
  );
  await add({ SourceArn: 'arn:aws:s3:::bucket', SourceAccount: account });
  const { Policy, RevisionId } = await get();
  assert.deepEqual(JSON.parse(Policy!), {
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      {
        ...{ Sid: 's3', Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } },
        ...{
          Action: 'lambda:InvokeFunction',
          Resource: `arn:aws:lambda:us-east-1:${account}:function:policed`,
        },
        Condition: {
          StringEquals: { 'AWS:SourceAccount': account },
          ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' },
        },
      },
    ],
  });
  assert.match(
    await refusalOf(add({})),
    /^409 ResourceConflictException: The statement id \(s3\) provided already exists/,
  );
  assert.equal(
    await refusalOf(add({ StatementId: 'x', Qualifier: '$LATEST' })),
    '400 InvalidParameterValueException: We currently do not support adding policies for $LATEST.',
  );
  assert.match(
    await refusalOf(add({ StatementId: 'x', Principal: 'nobody' })),
    /The provided principal was invalid/,
  );
  assert.match(
    await refusalOf(add({ StatementId: 'x', RevisionId: 'old' })),
    /^412 .*Call the GetPolicy API/,
  );
  await add({ StatementId: 'second', RevisionId });
  const remove = (StatementId: string) =>
    client.send(new RemovePermissionCommand({ FunctionName: 'policed', StatementId }));
  assert.equal(
    await refusalOf(remove('none')),
    '404 ResourceNotFoundException: Statement none is not found in resource policy.',
  );
  await remove('s3');
  await remove('second');
  assert.match(
    await refusalOf(remove('second')),
    /^404 .*: No policy is associated with the given resource\.$/,
  );
});

const profiles = `
[owner]
aws_access_key_id = OWNER
aws_secret_access_key = the secret of the owner
aws_account_id = 111111111111
[guest]
aws_access_key_id = GUEST
aws_secret_access_key = the secret of the guest
aws_account_id = 222222222222
`;

test('another account may call a function as far as its policy says', async () => {
  await using files = await mkdtempDisposable(join(tmpdir(), 'millrace-'));
  const credentials = join(files.path, 'credentials');
  await writeFile(credentials, profiles);
  await using both = await lambdaServer({ auth: 'required', credentials });
  const clientOf = (name: string) => {
    const secretAccessKey = `the secret of the ${name}`;
    const keys = { accessKeyId: name.toUpperCase(), secretAccessKey };
    return new LambdaClient({ ...both.server.clientConfig, credentials: keys, maxAttempts: 1 });
  };
  const [owner, guest] = [clientOf('owner'), clientOf('guest')];
  clients.push(owner, guest);
  const Role = 'arn:aws:iam::111111111111:role/r';
  const FunctionName = 'arn:aws:lambda:us-east-1:111111111111:function:shared';
  const refused = () => refusalOf(guest.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' })));
  const keys = { accessKeyId: 'OWNER', secretAccessKey: 'the secret of the owner' };
  const roles = new IAMClient({ ...both.server.clientConfig, credentials: keys });
  clients.push(roles);
  await makeRole('r', 'lambda.amazonaws.com', roles);
  await owner.send(new CreateFunctionCommand(madeOf('shared', { Role })));
  assert.match(
    await refused(),
    /^403 AccessDeniedException: .*no resource-based policy allows the lambda:InvokeFunction action$/,
  );
  const permission = { FunctionName: 'shared', StatementId: 'guest', Action: 'lambda:InvokeFunction' };
  await owner.send(new AddPermissionCommand({ ...permission, Principal: '222222222222' }));
  assert.equal(await refused(), 'it was carried out');
  const get = () => guest.send(new GetFunctionCommand({ FunctionName }));
  assert.match(await refusalOf(get()), /^403 AccessDeniedException/);
  const sight = { ...permission, StatementId: 'sight', Action: 'lambda:GetFunction' };
  await owner.send(new AddPermissionCommand({ ...sight, Principal: '222222222222' }));
  const fetched = await fetch((await get()).Code!.Location!);
  assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), handlerZip);
});
