import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordCommand,
  StartDeliveryStreamEncryptionCommand,
} from '@aws-sdk/client-firehose';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { startTestServer } from '../../../src/server/testing.ts';
import { refusalOf } from './firehose-bench.ts';

// A server that verifies signatures: its root user, and users of it.

let server: Awaited<ReturnType<typeof startTestServer>>;
let iam: IAMClient;
let root: FirehoseClient;
let account: string;
before(async () => {
  server = await startTestServer({ auth: 'required', transitionDelay: 1 });
  iam = new IAMClient(server.clientConfig);
  root = new FirehoseClient({ ...server.clientConfig, maxAttempts: 1 });
  account = await makeRole('trusting', 'firehose.amazonaws.com');
  await makeRole('other', 'ec2.amazonaws.com');
});
after(() => server[Symbol.asyncDispose]());

/** Answers its account. */
async function makeRole(RoleName: string, Service: string): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  return Role!.Arn!.split(':')[4]!;
}

/** A client of a new user that may do what the statements say. */
async function userWith(UserName: string, Statement: object[]): Promise<FirehoseClient> {
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  return new FirehoseClient({ ...server.clientConfig, credentials, maxAttempts: 1 });
}

function made(name: string, role: string, changes: object = {}) {
  return new CreateDeliveryStreamCommand({
    DeliveryStreamName: name,
    S3DestinationConfiguration: {
      RoleARN: `arn:aws:iam::${account}:role/${role}`,
      BucketARN: 'arn:aws:s3:::lake',
    },
    ...changes,
  });
}

async function active(DeliveryStreamName: string): Promise<void> {
  for (;;) {
    const { DeliveryStreamDescription: found } = await root.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName }),
    );
    if (found!.DeliveryStreamStatus === 'ACTIVE') return;
    await sleep(5);
  }
}

const put = (DeliveryStreamName: string) =>
  new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('x') } });

test('a delivery stream takes a role that trusts Firehose, from someone who may pass it', async () => {
  assert.match(
    await refusalOf(root.send(made('x', 'other'))),
    /^400 InvalidArgumentException: Firehose is unable to assume role .*role\/other\. Please check the role provided\.$/,
  );
  const maker = await userWith('maker', [{ Effect: 'Allow', Action: 'firehose:*', Resource: '*' }]);
  assert.match(
    await refusalOf(maker.send(made('x', 'trusting'))),
    /^400 AccessDeniedException: User: .*user\/maker is not authorized to perform: iam:PassRole on resource: .*role\/trusting/,
  );
  const passer = await userWith('passer', [
    { Effect: 'Allow', Action: 'firehose:CreateDeliveryStream', Resource: '*' },
    {
      ...{ Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' },
      Condition: { StringEquals: { 'iam:PassedToService': 'firehose.amazonaws.com' } },
    },
  ]);
  await passer.send(made('passed', 'trusting'));
  assert.match(
    await refusalOf(passer.send(made('tagged', 'trusting', { Tags: [{ Key: 'team', Value: 'air' }] }))),
    /^400 AccessDeniedException: .* firehose:TagDeliveryStream on resource: .*deliverystream\/tagged/,
  );
});

test('policies ask for the tags of a delivery stream', async () => {
  await root.send(made('of-air', 'trusting', { Tags: [{ Key: 'team', Value: 'air' }] }));
  await root.send(made('of-sea', 'trusting', { Tags: [{ Key: 'team', Value: 'sea' }] }));
  await active('of-air');
  await active('of-sea');
  const putter = await userWith('putter', [
    {
      ...{ Effect: 'Allow', Action: 'firehose:PutRecord', Resource: '*' },
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'air' } },
    },
  ]);
  await putter.send(put('of-air'));
  const denied = /^400 AccessDeniedException: User: .* is not authorized to perform: firehose:/;
  assert.match(await refusalOf(putter.send(put('of-sea'))), denied);
  assert.match(await refusalOf(putter.send(put('none'))), denied);
  assert.match(await refusalOf(putter.send(new ListDeliveryStreamsCommand({}))), denied);
});

test('a key is taken from someone who may grant Firehose its use, and puts need no permission for it', async () => {
  const kms = new KMSClient(server.clientConfig);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyARN = KeyMetadata!.Arn!;
  await root.send(made('locked', 'trusting'));
  await active('locked');
  const start = new StartDeliveryStreamEncryptionCommand({
    DeliveryStreamName: 'locked',
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN },
  });
  const user = await userWith('user', [{ Effect: 'Allow', Action: 'firehose:*', Resource: '*' }]);
  assert.match(
    await refusalOf(user.send(start)),
    /^400 InvalidKMSResourceException: User: .* is not authorized to perform: kms:CreateGrant on/,
  );
  await root.send(start);
  for (;;) {
    const { Encrypted } = await user.send(put('locked'));
    if (Encrypted) break;
    await sleep(5);
  }
});
