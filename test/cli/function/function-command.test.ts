import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { functionCommand } from '../../../src/cli/function/function-command.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { startTestServer } from '../../../src/server/testing.ts';
import { MillraceProcess, temporaryDirectory } from '../../server/process.ts';
import { askedRequest } from '../asked-request.ts';

const world = { variables: {}, readFile: () => Promise.reject(new Error('there are no files')) };

test('what a function is run with is read from the command line', async () => {
  const args = ['function', 'run', './src', '--stream', 'orders', '--from', 'start', '--batch-size', '5'];
  const line = [...args, '--env', 'A=1', '--env', 'B=x=y'];
  assert.deepEqual(await askedRequest(line, functionCommand), {
    ...{ kind: 'run', path: './src', stream: 'orders', from: 'start', batchSize: 5, timeoutSeconds: 30 },
    ...{ handler: undefined, runtime: undefined, name: undefined, role: undefined },
    ...{ endpoint: undefined, profile: undefined, environment: { A: '1', B: 'x=y' } },
  });
});

const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['run', '.'], /--stream/],
  [['run', '.', '--stream', 'a b'], /'a b' is no name of a stream/],
  [['run', '.', '--stream', 'a', '--from', 'now'], /--from must be latest or start, not 'now'/],
  [
    ['run', '.', '--stream', 'a', '--batch-size', '0'],
    /--batch-size must be a number from 1 to 10000, not '0'/,
  ],
  [['run', '.', '--stream', 'a', '--env', 'A'], /--env must be NAME=VALUE, not 'A'/],
  [['run', '.', '--stream', 'a', '--name', 'a b'], /'a b' is no name of a function/],
];

for (const [args, message] of wrong) {
  test(`a wrong command is refused in one line: ${args.join(' ')}`, async () => {
    await assert.rejects(readCommandLine(['function', ...args], world), { name: 'StartError', message });
  });
}

test('a server on another machine is not asked to read a folder of this one', async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'index.mjs'), 'export const handler = () => {};');
  const args = ['function', 'run', directory.path, '--stream', 'a', '--endpoint', 'http://192.0.2.1:4567'];
  const { code, stderr } = await MillraceProcess.run(args);
  assert.equal(code, 2);
  assert.match(stderr, /has to be on this machine; 192\.0\.2\.1 is not/);
});

test('a folder is run with what is put, says what it answers, and leaves nothing when it is ended', async () => {
  using directory = temporaryDirectory();
  const folder = join(directory.path, 'orders-handler');
  mkdirSync(folder);
  const code = `export const handler = async (event: { Records: object[] }) => ({ heard: event.Records.length });`;
  writeFileSync(join(folder, 'index.ts'), code);
  await using server = await startTestServer({ account: '111122223333' });
  const kinesis = new KinesisClient(server.clientConfig);
  const lambda = new LambdaClient(server.clientConfig);
  const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: server.url };
  await using command = new MillraceProcess(['function', 'run', folder, '--stream', 'orders'], { env });
  const said = async (text: RegExp) => {
    while (!text.test(command.stdout)) {
      const ended = command.ended.then(({ stderr }) => assert.fail(stderr));
      await Promise.race([nodeClock.sleep(10), ended]);
    }
  };
  await said(/orders-handler runs index\.handler/);
  await kinesis.send(
    new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'a', Data: Buffer.from('one') }),
  );
  await said(/^RESULT RequestId: [0-9a-f-]{36}\t\{"heard":1\}$/m);
  command.kill('SIGINT');
  assert.equal((await command.ended).code, 0);
  assert.deepEqual((await lambda.send(new ListFunctionsCommand({}))).Functions, []);
  assert.deepEqual((await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings, []);
  kinesis.destroy();
  lambda.destroy();
});
