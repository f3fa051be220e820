import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { runProgram } from './foreign-program.ts';
import type { GuardedServer } from './guarded-server.ts';
import { patientClient } from './patient-client.ts';

/** The function of a client: what of its creation is its own. */
export type MappedFunction = Pick<
  CreateFunctionCommandInput,
  'Runtime' | 'Handler' | 'Code' | 'Environment'
> & { readonly name: string };

const account = '000000000000';
const total = 60;

/**
 * Has a function read a stream of two shards. It prints `processed ` and a record's data for each, and fails
 * for the data `poison`, which it names in what it answers (`ReportBatchItemFailures`). Resolves to what came
 * of it, in a few words, once all good records were processed, and the poison alone was given up.
 */
export async function processedByFunction(server: GuardedServer, function_: MappedFunction): Promise<string> {
  const { url: endpoint, region, credentials } = server;
  const lambda = new LambdaClient({ endpoint, region, credentials });
  const stream = await streamFor(server, function_.name);
  const Role = await roleFor(server);
  const { name, ...own } = function_;
  await lambda.send(
    new CreateFunctionCommand({ FunctionName: name, Role, Timeout: 30, MemorySize: 512, ...own }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: name });
  const { UUID } = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: stream,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
      MaximumRetryAttempts: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  const good = await put(server, name);
  await until(`${name} has processed all records`, () => {
    const log = functionLog(server, name);
    assert.ok(!/Runtime\.\w+/.test(log), log);
    return good.every((data) => log.includes(`processed ${data}\n`));
  });
  await until(`${name} has given up the poison`, async () => (await failuresOf(server, UUID!)).length > 0);
  const [failure, ...others] = await failuresOf(server, UUID!);
  assert.deepEqual([failure!.RecordCount, failure!.Condition, others], [1, 'RetryAttemptsExhausted', []]);
  const again = functionLog(server, name).split('processed ').length - 1 - good.length;
  const twice = again === 0 ? 'none twice' : `${again} of them again`;
  return `${good.length} of ${total} records processed, ${twice}, and the 1 that always fails given up alone`;
}

/** All that a function has written so far. */
function functionLog(server: GuardedServer, name: string): string {
  const path = join(server.folder, 'data/functions/logs', account, server.region, `${name}.log`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Waits for a condition, however long a busy machine takes. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; !(await holds()); await sleep(100)) {
    assert.ok(Date.now() < end, `it never came to this: ${what}`);
  }
}

/** A role that Lambda takes on, which may read streams. */
async function roleFor(server: GuardedServer): Promise<string> {
  const { url: endpoint, region, credentials } = server;
  const iam = new IAMClient({ endpoint, region, credentials });
  const RoleName = 'lambda-kinesis-role';
  const Principal = { Service: 'lambda.amazonaws.com' };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return Role!.Arn!;
}

type Failure = { readonly RecordCount: number; readonly Condition: string };

async function failuresOf({ environment }: GuardedServer, uuid: string): Promise<readonly Failure[]> {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const command = [process.execPath, main, 'mapping', 'failures', uuid, '--json'] as const;
  const folder = new URL('./', import.meta.url);
  return JSON.parse(await runProgram({ command, folder, environment, seconds: 60 }));
}

async function streamFor(server: GuardedServer, StreamName: string): Promise<string> {
  const kinesis = patientClient(server);
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  let arn = '';
  await until('the stream is there', async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    arn = StreamDescriptionSummary!.StreamARN!;
    return StreamDescriptionSummary!.StreamStatus === 'ACTIVE';
  });
  return arn;
}

/** Puts records, and the poison after them. Answers the data of the others. */
async function put(server: GuardedServer, StreamName: string): Promise<readonly string[]> {
  const kinesis = patientClient(server);
  const texts = Array.from({ length: total - 1 }, (_, index) => `order-${index}`);
  const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  assert.equal(FailedRecordCount, 0);
  const Data = Buffer.from('poison');
  await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'poison', Data }));
  return texts;
}
