import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateFunctionCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { lambdaServer, madeOf, refusalOf } from './function-calls.ts';

type Event = { readonly fails?: boolean; readonly text?: string };

let world: Awaited<ReturnType<typeof lambdaServer>>;
const heard: unknown[] = [];
let hear = Promise.withResolvers<void>();
before(async () => {
  world = await lambdaServer();
  await world.server.lambda<Event>('answers', (event, { functionVersion }) => {
    heard.push(event);
    hear.resolve();
    if (event.fails) throw new TypeError('as it was told to');
    return { heard: event, functionVersion };
  });
});
after(() => world[Symbol.asyncDispose]());

async function invoke(changes: object = {}) {
  const command = new InvokeCommand({ FunctionName: 'answers', ...changes });
  const { $metadata, Payload, ...answer } = await world.client.send(command);
  return { status: $metadata.httpStatusCode, ...answer, payload: Buffer.from(Payload ?? '').toString() };
}

test('a function is invoked, and what it answers is answered', async () => {
  assert.deepEqual(await invoke({ Payload: '{"text":"é"}' }), {
    ...{ status: 200, StatusCode: 200, ExecutedVersion: '$LATEST' },
    payload: '{"heard":{"text":"é"},"functionVersion":"$LATEST"}',
  });
  const { payload } = await invoke({ Qualifier: '$LATEST' });
  assert.equal(payload, '{"heard":{},"functionVersion":"$LATEST"}', 'without a payload the event is empty');
});

test('the error of a function is an answer that says so', async () => {
  const { payload, ...answer } = await invoke({ Payload: '{"fails":true}', LogType: 'Tail' });
  assert.deepEqual([answer.status, answer.FunctionError], [200, 'Unhandled']);
  assert.equal(typeof answer.LogResult, 'string');
  const { errorType, errorMessage } = JSON.parse(payload) as Record<string, string>;
  assert.deepEqual([errorType, errorMessage], ['TypeError', 'as it was told to']);
});

test('an answer is of the type that AWS gives it', async () => {
  const { url } = world.server;
  const answer = await fetch(`${url}/2015-03-31/functions/answers/invocations`, {
    method: 'POST',
    body: '{}',
    headers: {
      // What curl sends, and a signature that only has to be well-formed here.
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `AWS4-HMAC-SHA256 Credential=test/20261129/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      'X-Amz-Date': `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`,
    },
  });
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json']);
  assert.equal(answer.headers.get('x-amz-executed-version'), '$LATEST');
});

test('an event that nobody waits for is taken, and processed', async () => {
  hear = Promise.withResolvers<void>();
  const answer = await invoke({ InvocationType: 'Event', Payload: '{"text":"later"}' });
  assert.deepEqual(answer, { status: 202, StatusCode: 202, payload: '' });
  await hear.promise;
  assert.deepEqual(heard.at(-1), { text: 'later' });
});

test('a dry run runs nothing', async () => {
  const before = heard.length;
  assert.deepEqual(await invoke({ InvocationType: 'DryRun' }), { status: 204, StatusCode: 204, payload: '' });
  assert.equal(heard.length, before);
});

test('what cannot be invoked is refused before the function hears of it', async () => {
  const before = heard.length;
  const refused = (changes: object) => refusalOf(invoke(changes));
  assert.match(
    await refused({ Payload: '{' }),
    /^400 InvalidRequestContentException: Could not parse request body into json/,
  );
  const large = JSON.stringify('x'.repeat(6 * 1024 * 1024));
  assert.match(await refused({ Payload: large }), /^413 RequestTooLargeException/);
  assert.match(
    await refused({ InvocationType: 'Event', Payload: large.slice(0, 1_048_576).concat('"') }),
    /^413 RequestTooLargeException/,
  );
  assert.match(
    await refused({ Qualifier: '7' }),
    /^404 ResourceNotFoundException: Function not found: .*:answers:7$/,
  );
  assert.match(
    await refused({ FunctionName: 'none', InvocationType: 'Event' }),
    /^404 ResourceNotFoundException/,
  );
  assert.equal(heard.length, before);
});

test('how events are tried again is kept, and destinations are refused by name', async () => {
  await world.client.send(new CreateFunctionCommand(madeOf('tried')));
  const put = (changes: object) =>
    world.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'tried', ...changes }));
  const { $metadata: _, LastModified, ...kept } = await put({ MaximumRetryAttempts: 0 });
  assert.ok(LastModified instanceof Date);
  assert.deepEqual(kept, {
    ...{ DestinationConfig: { OnFailure: {}, OnSuccess: {} }, MaximumRetryAttempts: 0 },
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tried:$LATEST',
  });
  assert.equal(
    await refusalOf(put({})),
    '400 InvalidParameterValueException: You must specify at least one of error handling or destination setting.',
  );
  const OnFailure = { Destination: 'arn:aws:sqs:us-east-1:000000000000:queue' };
  assert.match(
    await refusalOf(put({ DestinationConfig: { OnFailure } })),
    /\(DestinationConfig\) is not served/,
  );
});
