import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CommandServer } from '../command-server.ts';
import { onKafka } from '../extent.ts';
import { runProgram } from '../foreign-program.ts';
import { until } from '../mapped-function.ts';

const isThere = (...command: readonly [string, ...string[]]) =>
  spawnSync(command[0], command.slice(1)).status === 0;
const skip =
  (onKafka && 'what functions write is looked for in a data directory') ||
  (!isThere('aws', '--version') && 'the AWS CLI is not installed') ||
  (!isThere('zip', '--version') && 'zip is not installed');

/** The lines of the tutorial in docs/lambda.md, one block after the other. */
function tutorial(): string {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/lambda.md'), 'utf8');
  const [, part] = /<!-- tutorial -->(.*)<!-- end of the tutorial -->/s.exec(page)!;
  return Array.from(part!.matchAll(/^```sh\n(.*?)^```$/gms), ([, block]) => block).join('');
}

test("AWS's tutorial for Kinesis, as docs/lambda.md has it, line by line", { skip }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-tutorial-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(directory, { recursive: true }));
  const data = join(directory, 'millrace-data');
  const server = stack.use(
    await CommandServer.start(['--data', data, '--account', '111122223333', '--transition-delay', '50']),
  );
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const environment = {
    ...Object.fromEntries(others),
    ...{ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'anybody', AWS_SECRET_ACCESS_KEY: 'anything', AWS_PAGER: '' },
    AWS_CONFIG_FILE: join(directory, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'),
    ...{ AWS_EC2_METADATA_DISABLED: 'true', NO_PROXY: '127.0.0.1' },
  };
  const folder = pathToFileURL(`${directory}/`);
  const command = ['bash', '-e', '-c', tutorial()] as const;
  const said = await runProgram({ command, folder, environment, seconds: 600 });
  assert.match(said, /"FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:ProcessKinesisRecords"/);
  assert.match(said, /"StatusCode": 200/);
  assert.match(said, /"StreamARN": "arn:aws:kinesis:us-east-1:111122223333:stream\/lambda-stream"/);
  assert.match(said, /"LastProcessingResult": "No records processed"/);
  assert.equal(readFileSync(join(directory, 'kinesis-tutorial/outputfile.txt'), 'utf8'), 'null');
  const log = join(data, 'functions/logs/111122223333/us-east-1/ProcessKinesisRecords.log');
  await until('the record that was put was processed', () => {
    const text = readFileSync(log, 'utf8');
    return text.split('Record Data: Hello, this is a test.').length === 3;
  });
  assert.match(readFileSync(log, 'utf8'), /Processed Kinesis Event - EventID: shardId-000000000000:\d{56}/);
});
