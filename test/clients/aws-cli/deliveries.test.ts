import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { onlyInFull } from '../extent.ts';
import { startGuardedServer } from '../guarded-server.ts';

const installed = spawnSync('aws', ['--version']).status === 0;
const skip = (!installed && 'the AWS CLI is not installed') || onlyInFull;

test('the AWS CLI does all twelve operations on a delivery stream, and finds the objects', {
  skip,
}, async () => {
  await using buckets = await mkdtempDisposable(join(tmpdir(), 'millrace-buckets-'));
  mkdirSync(join(buckets.path, 'lake'));
  await using server = await startGuardedServer('--s3', String(pathToFileURL(buckets.path)));
  const aws = async (...words: string[]): Promise<Record<string, unknown>> => {
    const options = { env: server.environment, timeout: 600_000 };
    const { stdout } = await promisify(execFile)('aws', [...words, '--output', 'json'], options);
    return stdout === '' ? {} : JSON.parse(stdout);
  };
  const statement = {
    ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
    Principal: { Service: 'firehose.amazonaws.com' },
  };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await aws(
    ...['iam', 'create-role', '--role-name', 'delivery', '--assume-role-policy-document', trust],
  );
  const { Arn } = Role as { Arn: string };
  const stream = ['--delivery-stream-name', 'orders'];
  const destination =
    `RoleARN=${Arn},BucketARN=arn:aws:s3:::lake,BufferingHints={SizeInMBs=1,IntervalInSeconds=0},` +
    'ProcessingConfiguration={Enabled=true,Processors=[{Type=AppendDelimiterToRecord}]}';
  await aws(
    ...['firehose', 'create-delivery-stream', ...stream],
    ...['--extended-s3-destination-configuration', destination],
  );
  const described = async () => {
    const { DeliveryStreamDescription } = await aws('firehose', 'describe-delivery-stream', ...stream);
    return DeliveryStreamDescription as Described;
  };
  const status = async () => (await described()).DeliveryStreamStatus;
  const untilEncryptionIs = async (wanted: string) => {
    while ((await described()).DeliveryStreamEncryptionConfiguration.Status !== wanted) await sleep(100);
  };
  while ((await status()) !== 'ACTIVE') await sleep(100);
  // Of a structure with one member, the command line has a shorter form that is none of the others.
  const records = JSON.stringify(['one', 'two', 'three'].map((word) => ({ Data: word })));
  const { FailedPutCount } = await aws('firehose', 'put-record-batch', ...stream, '--records', records);
  assert.equal(FailedPutCount, 0);
  const lines = () =>
    globSync('lake/2*/**/orders-1-*', { cwd: buckets.path })
      .map((path) => readFileSync(join(buckets.path, path), 'utf8'))
      .join('');
  while (lines() === '') await sleep(100);
  assert.deepEqual(lines().trimEnd().split('\n'), ['one', 'two', 'three']);
  await aws('firehose', 'tag-delivery-stream', ...stream, '--tags', 'Key=team,Value=lake');
  const { Tags } = await aws('firehose', 'list-tags-for-delivery-stream', ...stream);
  assert.deepEqual(Tags, [{ Key: 'team', Value: 'lake' }]);
  await aws('firehose', 'untag-delivery-stream', ...stream, '--tag-keys', 'team');
  const encryption = ['--delivery-stream-encryption-configuration-input', 'KeyType=AWS_OWNED_CMK'];
  await aws('firehose', 'start-delivery-stream-encryption', ...stream, ...encryption);
  await untilEncryptionIs('ENABLED');
  await aws('firehose', 'stop-delivery-stream-encryption', ...stream);
  await untilEncryptionIs('DISABLED');
  const { VersionId, Destinations } = await described();
  await aws(
    ...['firehose', 'update-destination', ...stream, '--current-delivery-stream-version-id', VersionId],
    ...['--destination-id', Destinations[0]!.DestinationId],
    ...['--extended-s3-destination-update', 'Prefix=later/'],
  );
  const { RecordId } = await aws('firehose', 'put-record', ...stream, '--record', '{"Data":"four"}');
  assert.equal(typeof RecordId, 'string');
  while (globSync('lake/later/**/orders-*', { cwd: buckets.path }).length === 0) await sleep(100);
  const { DeliveryStreamNames } = await aws('firehose', 'list-delivery-streams');
  assert.deepEqual(DeliveryStreamNames, ['orders']);
  await aws('firehose', 'delete-delivery-stream', ...stream);
});

type Described = {
  readonly DeliveryStreamStatus: string;
  readonly VersionId: string;
  readonly Destinations: readonly { readonly DestinationId: string }[];
  readonly DeliveryStreamEncryptionConfiguration: { readonly Status: string };
};
