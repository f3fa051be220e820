import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchDisk } from '../machine.ts';
import { SignedServer } from './signed-server.ts';

const firehose = 'Firehose_20150804';
const kinesis = 'Kinesis_20131202';
const reads = ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords', 'kms:Decrypt'];

function policyOf(Action: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}

/** A role that Firehose may take on; answers its ARN. */
async function makeRole(server: SignedServer, RoleName: string): Promise<string> {
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'firehose.amazonaws.com' },
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:firehose:*:*:deliverystream/*' } },
    Action: 'sts:AssumeRole',
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const made = await server.iam('CreateRole', { RoleName, AssumeRolePolicyDocument });
  return /<Arn>(.*?)<\/Arn>/.exec(made)![1]!;
}

const allowing = (server: SignedServer, actions: readonly string[]) =>
  server.iam('PutRolePolicy', { RoleName: 'reader', PolicyName: 'own', PolicyDocument: policyOf(actions) });

async function makeKey(server: SignedServer): Promise<string> {
  const made = await server.ok<{ KeyMetadata: { Arn: string } }>('kms', 'TrentService.CreateKey', {});
  return made.KeyMetadata.Arn;
}

const setKey = (server: SignedServer, change: 'EnableKey' | 'DisableKey', KeyId: string) =>
  server.ok('kms', `TrentService.${change}`, { KeyId });

/** A delivery stream that is ACTIVE. */
async function create(server: SignedServer, changes: object, role: string): Promise<void> {
  const s3 = {
    ...{ RoleARN: role, BucketARN: 'arn:aws:s3:::lake' },
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
  };
  const made = { DeliveryStreamName: 'lines', ExtendedS3DestinationConfiguration: s3, ...changes };
  await server.ok('firehose', `${firehose}.CreateDeliveryStream`, made);
  await server.until(async () => (await server.sight()).State !== 'none');
}

test('a delivery reads as its role may now, with the key that its source is encrypted with', async () => {
  const server = await SignedServer.boot();
  const role = await makeRole(server, 'reader');
  await allowing(server, reads);
  const KeyId = await makeKey(server);
  await server.ok('kinesis', `${kinesis}.CreateStream`, { StreamName: 'orders', ShardCount: 1 });
  const encryption = { StreamName: 'orders', EncryptionType: 'KMS', KeyId };
  await server.until(
    async () => (await server.call('kinesis', `${kinesis}.StartStreamEncryption`, encryption)).status === 200,
  );
  const KinesisStreamARN = `${role.replace(':iam::', ':kinesis:us-east-1:').split(':role/')[0]}:stream/orders`;
  const source = { KinesisStreamARN, RoleARN: role };
  const changes = { DeliveryStreamType: 'KinesisStreamAsSource', KinesisStreamSourceConfiguration: source };
  await server.clock.advance(1_000);
  await create(server, changes, role);
  const put = async (text: string) => {
    const record = {
      StreamName: 'orders',
      PartitionKey: 'k',
      Data: Buffer.from(`${text}\n`).toString('base64'),
    };
    await server.ok('kinesis', `${kinesis}.PutRecord`, record);
  };
  const refusedFor = async (reason: RegExp) => {
    await server.until(async () => reason.test((await server.sight()).Reason ?? ''));
    assert.equal((await server.sight()).State, 'failing');
  };
  await put('one');
  await server.until(() => server.lines.length === 1);

  await allowing(server, ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kms:Decrypt']);
  await put('two');
  await refusedFor(/assumed-role\/reader\/firehose is not authorized to perform: kinesis:DescribeStream/);
  await allowing(server, reads.slice(0, 3));
  await refusedFor(/assumed-role\/reader\/firehose is not authorized to perform: kms:Decrypt/);
  await setKey(server, 'DisableKey', KeyId);
  await allowing(server, reads);
  await refusedFor(/key\/[-0-9a-f]+ is disabled/);
  assert.deepEqual(server.lines, ['one']);

  await setKey(server, 'EnableKey', KeyId);
  await server.until(() => server.lines.length === 2);
  assert.deepEqual(server.lines, ['one', 'two']);
  await server.until(async () => (await server.sight()).State === 'running');

  await server.iam('DeleteRolePolicy', { RoleName: 'reader', PolicyName: 'own' });
  await server.iam('DeleteRole', { RoleName: 'reader' });
  await put('three');
  await refusedFor(/firehose\.amazonaws\.com is unable to assume role .*role\/reader/);
  assert.deepEqual(server.lines, ['one', 'two']);
  await server.close();
});

test('puts are refused while their key is disabled, and what was put waits until it is not', async () => {
  const server = await SignedServer.boot({ s3: undefined });
  const role = await makeRole(server, 'writer');
  const KeyARN = await makeKey(server);
  const input = { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN };
  await create(server, { DeliveryStreamEncryptionConfigurationInput: input }, role);
  const put = async (text: string) => {
    const Record = { Data: Buffer.from(`${text}\n`).toString('base64') };
    return await server.call('firehose', `${firehose}.PutRecord`, { DeliveryStreamName: 'lines', Record });
  };
  await server.until(async () => (await put('one')).status === 200);
  await setKey(server, 'DisableKey', KeyARN);
  const refused = await put('two');
  assert.equal(refused.status, 400);
  assert.match(JSON.stringify(refused.body), /InvalidKMSResourceException.*DisabledException/s);
  await server.close();

  await server.boot();
  await server.until(async () => /is disabled/.test((await server.sight()).Reason ?? ''));
  await server.clock.advance(5_000);
  assert.deepEqual(server.lines, []);
  await setKey(server, 'EnableKey', KeyARN);
  await server.until(() => server.lines.length === 1);
  assert.deepEqual(server.lines, ['one']);
  await server.close();
});

test('records go to no HTTP endpoint that the operator has not allowed, and no secret of one is recorded', async () => {
  const server = await SignedServer.boot({ httpEndpoints: 'https://good.test' });
  const role = await makeRole(server, 'writer');
  const S3Configuration = { RoleARN: role, BucketARN: 'arn:aws:s3:::lake' };
  const toUrl = (Url: string) => ({
    DeliveryStreamName: 'lines',
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url, AccessKey: 'secret-of-endpoint' },
      RequestConfiguration: {
        CommonAttributes: [{ AttributeName: 'a', AttributeValue: 'secret-of-endpoint' }],
      },
      S3Configuration,
    },
  });
  const created = (url: string) => server.call('firehose', `${firehose}.CreateDeliveryStream`, toUrl(url));
  for (const url of [
    'https://other.test/x',
    'http://good.test/x',
    'https://good.test:444/',
    'https://good.test@other.test/',
  ]) {
    const { status, body } = await created(url);
    assert.equal(status, 403);
    assert.match(
      JSON.stringify(body),
      /AccessDeniedException.*This server delivers to no HTTP endpoints at http.*--http-endpoints/s,
    );
  }
  assert.equal((await created('https://good.test/x')).status, 200);
  type Described = { readonly DeliveryStreamDescription: { readonly DeliveryStreamStatus: string } };
  const described = () =>
    server.ok<Described>('firehose', `${firehose}.DescribeDeliveryStream`, { DeliveryStreamName: 'lines' });
  await server.until(
    async () => (await described()).DeliveryStreamDescription.DeliveryStreamStatus === 'ACTIVE',
  );
  const elsewhere = {
    ...{ DeliveryStreamName: 'lines', CurrentDeliveryStreamVersionId: '1' },
    DestinationId: 'destinationId-000000000001',
    HttpEndpointDestinationUpdate: { EndpointConfiguration: { Url: 'https://other.test/' } },
  };
  assert.equal((await server.call('firehose', `${firehose}.UpdateDestination`, elsewhere)).status, 403);
  assert.ok(!JSON.stringify(await described()).includes('"AccessKey"'));
  await server.close();

  // In the audit log names are, and all else is encrypted.
  await searchDisk(server.disk, [Buffer.from('secret-of-endpoint')]);
  await assert.rejects(searchDisk(server.disk, [Buffer.from('CreateDeliveryStream')]), /audit/);

  // Allowed when it was made, and not since: nothing of it leaves.
  await server.boot({ httpEndpoints: 'off' });
  await server.until(async () => (await server.sight()).State === 'waiting');
  assert.match(
    (await server.sight()).Reason!,
    /delivers to no HTTP endpoints: see its option --http-endpoints/,
  );
  await server.close();
});
