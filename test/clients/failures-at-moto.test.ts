import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { openObjectStore } from '../../src/objects/open-object-store.ts';
import { openDestinations } from '../../src/services/lambda/failures/open-destinations.ts';
import { aFailure } from '../services/lambda/failures/a-failure.ts';
import { runProgram } from './foreign-program.ts';
import { MotoServer } from './moto-server.ts';

const moto = await MotoServer.start();
after(() => {
  if (moto instanceof MotoServer) moto[Symbol.dispose]();
});
const skip = moto instanceof MotoServer ? false : moto;
const account = '123456789012';
const mapping = '14e0db71-5d35-4eb5-b481-8945cf9d10c2';

/** Runs lines of Python with clients of moto. */
async function python(url: string, ...lines: readonly string[]): Promise<string> {
  const clients =
    'import boto3, json; sqs, sns, s3 = (boto3.client(name, region_name="us-east-1", ' +
    `endpoint_url="${url}", aws_access_key_id="a", aws_secret_access_key="b") for name in ("sqs", "sns", "s3"))`;
  const command = ['python3', '-c', [clients, ...lines].join('\n')] as const;
  return await runProgram({ command, folder: new URL('./', import.meta.url), seconds: 120 });
}

test('SQS, SNS and S3 as moto has them take what mappings gave up', { skip }, async () => {
  if (!(moto instanceof MotoServer)) return;
  const { url } = moto;
  await python(
    url,
    'sqs.create_queue(QueueName="failed"); sqs.create_queue(QueueName="heard"); s3.create_bucket(Bucket="failed")',
    `sns.create_topic(Name="failed"); sns.subscribe(TopicArn="arn:aws:sns:us-east-1:${account}:failed", ` +
      `Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:${account}:heard")`,
  );
  const world = { clock: nodeClock, random: nodeRandom(), client: createHttpClient() };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const destinations = openDestinations({
    ...world,
    endpoints: { sqs: url, sns: url },
    objectsIn: (region) => openObjectStore({ ...world, diskAt: nodeDisk }, { url, region, credentials }),
    credentials,
    streams: { put: () => assert.fail('no stream was to be asked') },
  });
  const arns = [
    `arn:aws:sqs:us-east-1:${account}:failed`,
    `arn:aws:sns:us-east-1:${account}:failed`,
    'arn:aws:s3:::failed',
  ];
  const role = `arn:aws:iam::${account}:role/r`;
  for (const arn of arns) {
    const destination = { arn, account, region: 'us-east-1', mapping, role };
    await destinations.send(destination, aFailure, new AbortController().signal);
  }
  const said = await python(
    url,
    `queue = lambda name: sqs.receive_message(QueueUrl="${url}/${account}/" + name)["Messages"][0]["Body"]`,
    'name = s3.list_objects_v2(Bucket="failed")["Contents"][0]["Key"]',
    'read = s3.get_object(Bucket="failed", Key=name)["Body"].read().decode()',
    'print(json.dumps([queue("failed"), json.loads(queue("heard"))["Message"], name, read]))',
  );
  const [queued, published, name, object] = JSON.parse(said);
  assert.deepEqual(JSON.parse(queued), aFailure.record);
  assert.deepEqual(JSON.parse(published), aFailure.record);
  assert.ok(
    name.startsWith(`aws/lambda/${mapping}/shardId-000000000001/2026/11/29/2026-11-29T10.11.12-`),
    name,
  );
  assert.deepEqual(JSON.parse(object), { ...aFailure.record, payload: String(aFailure.event) });
});
