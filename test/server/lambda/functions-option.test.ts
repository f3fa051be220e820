import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionInstancesOf, functionKindsOf } from '../../../src/server/lambda-options.ts';
import { defaultOptions } from '../../../src/server/options.ts';
import { startTestServer } from '../../../src/server/testing.ts';
import { temporaryDirectory } from '../process.ts';

const Role = 'arn:aws:iam::000000000000:role/functions';

function inFolder(FunctionName: string, folder: string): CreateFunctionCommand {
  const Environment = { Variables: { MILLRACE_CODE_FOLDER: folder } };
  const code = { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: {} } as const;
  return new CreateFunctionCommand({ FunctionName, Role, ...code, Environment });
}

function behindUrl(FunctionName: string): CreateFunctionCommand {
  const Environment = { Variables: { MILLRACE_WEBHOOK_URL: 'http://127.0.0.1:9/' } };
  return new CreateFunctionCommand({ FunctionName, Role, Code: {}, Environment });
}

const denied = { name: 'AccessDeniedException', message: /--functions/ };

test('functions are on where only this machine reaches the server, and off where others do, unless it is said', () => {
  const of = (options: Partial<typeof defaultOptions>) => functionKindsOf({ ...defaultOptions, ...options });
  assert.equal(of({}), 'on');
  assert.equal(of({ port: 'none', listen: 'admin=unix:/run/millrace.sock' }), 'on');
  assert.equal(of({ host: '0.0.0.0' }), 'off');
  assert.equal(of({ listen: 'internal=10.0.0.1:4567' }), 'off');
  assert.equal(of({ host: '0.0.0.0', functions: 'urls' }), 'urls');
  assert.equal(of({ host: '0.0.0.0', functions: 'on' }), 'on');
});

test('as many calls run at once as is said, or some more than there are cores for', () => {
  assert.equal(functionInstancesOf({ functionInstances: 3 }, 8), 3);
  assert.equal(functionInstancesOf({ functionInstances: undefined }, 2), 20);
});

test('without functions none can be made, whatever its code is', async () => {
  await using server = await startTestServer({ functions: 'off' });
  const lambda = new LambdaClient(server.clientConfig);
  await assert.rejects(lambda.send(inFolder('a', '/tmp')), denied);
  await assert.rejects(lambda.send(behindUrl('a')), denied);
  // What is part of the program itself is no matter of callers.
  const { functionArn } = await server.lambda('attached', () => 'here');
  const answer = await lambda.send(new InvokeCommand({ FunctionName: functionArn }));
  assert.equal(answer.Payload?.transformToString(), '"here"');
  lambda.destroy();
});

test('with functions at URLs only, no code is run, not even that of a function that was made before', async () => {
  using directory = temporaryDirectory();
  {
    await using server = await startTestServer({ data: directory.path });
    const lambda = new LambdaClient(server.clientConfig);
    await lambda.send(inFolder('before', '/tmp'));
    lambda.destroy();
  }
  await using server = await startTestServer({ data: directory.path, functions: 'urls' });
  const lambda = new LambdaClient(server.clientConfig);
  await assert.rejects(lambda.send(inFolder('after', '/tmp')), denied);
  await assert.rejects(lambda.send(new InvokeCommand({ FunctionName: 'before' })), denied);
  await lambda.send(behindUrl('hook'));
  lambda.destroy();
});
