import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CommandServer } from '../command-server.ts';
import { onKafka } from '../extent.ts';
import { until } from '../mapped-function.ts';

const main = join(import.meta.dirname, '../../../src/cli/main.ts');
const skip = onKafka && 'one server is enough for it';

test('the handler of a Serverless project runs on a stream with one command', { skip }, async () => {
  await using stack = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'millrace-serverless-'));
  stack.defer(() => rmSync(directory, { recursive: true }));
  // Functions may be users of their own.
  chmodSync(directory, 0o755);
  const project = join(directory, 'orders');
  cpSync(import.meta.dirname, project, { recursive: true });
  const data = ['--data', join(directory, 'data'), '--transition-delay', '50'];
  const server = stack.use(await CommandServer.start(data));
  const settings = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'anybody', secretAccessKey: 'anything' },
  };
  const [kinesis, lambda] = [new KinesisClient(settings), new LambdaClient(settings)];
  const environment = {
    ...process.env,
    ...{ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'anybody', AWS_SECRET_ACCESS_KEY: 'anything' },
  };
  const words = [main, 'function', 'run', '.', '--stream', 'orders'];
  const running = spawn(process.execPath, words, { cwd: project, env: environment });
  const ended = once(running, 'exit');
  stack.defer(() => void running.kill('SIGKILL'));
  let said = '';
  for (const stream of [running.stdout, running.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const saying = (text: string) => () => {
    assert.equal(running.exitCode, null, said);
    return said.includes(text);
  };
  const put = (text: string) =>
    kinesis.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: text, Data: Buffer.from(text) }));
  await until('the command runs', saying('Ctrl-C ends it'));
  await put('a book');
  await until('the handler has processed a record', saying('processed a book'));

  const file = join(project, 'src/text-of.js');
  writeFileSync(file, readFileSync(file, 'utf8').replace('.toString()', '.toString().toUpperCase()'));
  let number = 0;
  await until('the changed file counts', async () => {
    await put(`book ${number++}`);
    return said.includes('processed BOOK ');
  });

  running.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
  // What is deleted is listed for a moment more.
  await until('nothing is left', async () => {
    const left = [
      (await lambda.send(new ListFunctionsCommand({}))).Functions,
      (await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings,
      (await kinesis.send(new ListStreamsCommand({}))).StreamNames,
    ];
    return left.every((each) => each?.length === 0);
  });
});
