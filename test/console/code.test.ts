import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { javascriptCode } from '../../console/code/javascript.ts';
import { pythonCode } from '../../console/code/python.ts';
import { type ApiRequest, Bytes, inTurn, type Step } from '../../console/code/request.ts';
import { shellCode } from '../../console/code/shell.ts';
import { separated } from '../../console/code/words.ts';

const endpoint = { url: 'http://localhost:4567', region: 'us-east-1' };
const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const nasty = `it's "$(echo x)" \`y\` \\ \n </script> ñ 🦩`;

const split: ApiRequest = {
  service: 'kinesis',
  operation: 'SplitShard',
  input: { StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '170' },
};
const tag: ApiRequest = {
  service: 'kinesis',
  operation: 'TagResource',
  input: { ResourceARN: arn, Tags: { [nasty]: nasty, __proto__x: '', 'a b': '1' } },
};
const limits: ApiRequest = {
  service: 'millrace',
  operation: 'PutStreamLimits',
  input: { StreamName: 'orders', RecordsPerSecond: 5, Note: nasty },
};

test('names are spelt as botocore spells them', () => {
  const names = ['StreamARN', 'MaxRecordSizeInKiB', 'WarmThroughputMiBps', 'EnforceConsumerDeletion'];
  assert.deepEqual(
    names.map((name) => separated(name, '_')),
    ['stream_arn', 'max_record_size_in_ki_b', 'warm_throughput_mi_bps', 'enforce_consumer_deletion'],
  );
  assert.equal(separated('UpdateMaxRecordSize', '-'), 'update-max-record-size');
});

test('a command for the AWS CLI can be copied as it stands', () => {
  assert.equal(
    shellCode([split], endpoint),
    `aws kinesis split-shard \\
  --stream-name orders \\
  --shard-to-split shardId-000000000000 \\
  --new-starting-hash-key 170 \\
  --endpoint-url http://localhost:4567 \\
  --region us-east-1`,
  );
});

test('a shell hears the very words, whatever is in them', () => {
  const words = wordsOf(tag);
  assert.deepEqual(words.slice(0, 3), ['kinesis', 'tag-resource', '--resource-arn']);
  assert.deepEqual(JSON.parse(words[words.indexOf('--tags') + 1]!), tag.input['Tags']);
  const own = wordsOf(limits);
  assert.deepEqual(JSON.parse(own[own.indexOf('--data-raw') + 1]!), limits.input);
});

test('a value that looks like an option or a file is still a value', () => {
  const named = (input: ApiRequest['input']) => wordsOf({ service: 'kinesis', operation: 'Any', input });
  assert.ok(named({ StreamName: '-x' }).includes('--stream-name=-x'));
  assert.ok(named({ TagKeys: ['a', '-b'] }).includes('["a","-b"]'));
  assert.ok(
    named({ TagKeys: ['a', 'b'] })
      .join(' ')
      .includes('--tag-keys a b --endpoint-url'),
  );
  assert.ok(named({ PartitionKey: 'file:///etc/passwd' }).includes('{"PartitionKey":"file:///etc/passwd"}'));
  assert.ok(named({ EnforceConsumerDeletion: true }).includes('--enforce-consumer-deletion'));
  assert.ok(named({ EnforceConsumerDeletion: false }).includes('--no-enforce-consumer-deletion'));
});

test('JavaScript sends what was asked for', async () => {
  const put: ApiRequest = {
    service: 'kinesis',
    operation: 'PutRecord',
    input: { StreamName: 'orders', PartitionKey: nasty, Data: new Bytes('aGk=') },
  };
  const steps: Step[] = [...inTurn('orders', [tag, put]), limits];
  const code = javascriptCode(steps, endpoint);
  assert.match(code, /^import \{\n {2}KinesisClient,\n {2}TagResourceCommand,\n {2}PutRecordCommand,\n/);
  const heard = await ran(code);
  assert.deepEqual(heard, [
    ['TagResourceCommand', tag.input],
    ['waits', { StreamName: 'orders' }],
    ['PutRecordCommand', { ...put.input, Data: Buffer.from('hi') }],
    ['fetch', limits.input],
  ]);
});

test('Python sends what was asked for, and waits between two changes', () => {
  const retain: ApiRequest = {
    service: 'kinesis',
    operation: 'IncreaseStreamRetentionPeriod',
    input: { StreamName: "o'", RetentionPeriodHours: 48 },
  };
  assert.equal(
    pythonCode(inTurn('orders', [retain, split]), endpoint),
    `import boto3

kinesis = boto3.client(
    'kinesis', region_name='us-east-1', endpoint_url='http://localhost:4567'
)

kinesis.increase_stream_retention_period(
    StreamName='o\\'',
    RetentionPeriodHours=48,
)

kinesis.get_waiter('stream_exists').wait(StreamName='orders')

kinesis.split_shard(
    StreamName='orders',
    ShardToSplit='shardId-000000000000',
    NewStartingHashKey='170',
)`,
  );
});

/** What `aws` or `curl` is called with, when a shell runs the code. */
function wordsOf(request: ApiRequest): string[] {
  const echo = `said() { for word; do printf '%s\\0' "$word"; done; }; aws() { said "$@"; }; curl() { said "$@"; };`;
  const { stdout } = spawnSync('/bin/sh', ['-c', `${echo}\n${shellCode([request], endpoint)}`], {
    encoding: 'utf8',
  });
  return stdout.split('\0').slice(0, -1);
}

/** Runs code with clients that keep what they are told. */
async function ran(code: string): Promise<unknown[]> {
  const heard: unknown[] = [];
  const commandNames = [...new Set(code.match(/\w+Command\b/g))];
  const commands = commandNames.map(
    (name) => (input: object) => Object.assign(Object.create({ name }), { input }),
  );
  const constructors = commands.map(
    (make) =>
      function (this: unknown, input: object) {
        return make(input);
      },
  );
  class KinesisClient {
    async send(command: { readonly name: string; readonly input: unknown }) {
      heard.push([command.name, command.input]);
    }
  }
  class AwsClient {
    async fetch(_: string, init: { readonly body: string }) {
      heard.push(['fetch', JSON.parse(init.body)]);
    }
  }
  const waits = async (_: unknown, input: unknown) => heard.push(['waits', input]);
  const body = code.replace(/^import[^;]*;$/gm, '');
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const names = ['KinesisClient', 'AwsClient', 'waitUntilStreamExists', ...commandNames];
  await new AsyncFunction(...names, body)(KinesisClient, AwsClient, waits, ...constructors);
  return heard;
}
