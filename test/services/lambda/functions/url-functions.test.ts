import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerTooLongError, type ClientAnswer, type ClientSend } from '../../../../src/env/http-client.ts';
import { responseBytesMax } from '../../../../src/services/lambda/functions/functions.ts';
import { invocationsAt } from '../../../../src/services/lambda/functions/invoke-url.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';
import { functionOf } from '../state/lambda-records.ts';
import { answerOf, call, openRig, type RigOptions, until } from './running.ts';

type Code = { readonly kind: 'invoke' | 'webhook'; readonly url: string };

/** A function behind a URL at which a test answers. */
async function open(
  code: Code,
  answer: (request: ClientSend) => Partial<ClientAnswer> | Promise<never>,
  more: RigOptions = {},
) {
  const sent: ClientSend[] = [];
  const clock = new ManualClock();
  const client = {
    send: async (request: ClientSend, signal?: AbortSignal): Promise<ClientAnswer> => {
      sent.push(request);
      const left = new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
      const given = await Promise.race([answer(request), left]);
      return { status: 200, headers: {}, body: Buffer.alloc(0), ...given };
    },
  };
  const rig = await openRig({ client, clock, ...more });
  await rig.say(functionOf('f', { code, timeoutSeconds: 3 }));
  return { ...rig, sent, clock };
}

const invoke: Code = { kind: 'invoke', url: 'http://sam:3001' };
const webhook: Code = { kind: 'webhook', url: 'https://hook/events?a=b' };

async function typeOf(called: Promise<unknown>): Promise<string> {
  const error = await called.then(
    () => assert.fail('it was answered'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ServiceError);
  return `${error.status} ${error.type}: ${error.message}`;
}

test('a URL of Invoke is one that says all, or one that functions are below of', () => {
  assert.equal(invocationsAt('http://a:1', 'f'), 'http://a:1/2015-03-31/functions/f/invocations');
  assert.equal(invocationsAt('http://a/base/', 'f'), 'http://a/base/2015-03-31/functions/f/invocations');
  const rie = 'http://a:8080/2015-03-31/functions/function/invocations';
  assert.equal(invocationsAt(rie, 'f'), rie);
});

test('Invoke at a URL sends the event and the context, and reads the answer, its log and its error', async () => {
  const log = Buffer.from('START\n').toString('base64');
  const rig = await open(invoke, ({ body }) => {
    const event = JSON.parse(String(body));
    const headers = { 'x-amz-log-result': log };
    if (event === 1) return { headers, body: Buffer.from('{"b":2}') };
    const error = { 'x-amz-function-error': event === 2 ? 'Handled' : 'Unhandled' };
    return { headers: { ...headers, ...error }, body: Buffer.from('{"errorType":"E","errorMessage":"m"}') };
  });
  const done = await call(rig, 'f', 1, { clientContext: 'e30=' });
  assert.deepEqual([answerOf(done), String(done.logTail)], [{ b: 2 }, 'START\n']);
  assert.equal(answerOf(await call(rig, 'f', 2)), 'Handled E: m');
  assert.equal(answerOf(await call(rig, 'f', 3)), 'Unhandled E: m');
  const [{ method, url, headers }] = rig.sent as [ClientSend];
  assert.deepEqual([method, url], ['POST', 'http://sam:3001/2015-03-31/functions/f/invocations']);
  assert.deepEqual(headers, {
    'Content-Type': 'application/json',
    'X-Amz-Invocation-Type': 'RequestResponse',
    'X-Amz-Log-Type': 'Tail',
    'X-Amz-Client-Context': 'e30=',
  });
});

test('Invoke is signed where there are credentials, for the region of the URL or else of the function', async () => {
  for (const [url, region] of [
    ['https://lambda.us-west-2.amazonaws.com', 'us-west-2'],
    ['http://sam:3001', 'eu-central-1'],
  ] as const) {
    const rig = await open({ kind: 'invoke', url }, () => ({ body: Buffer.from('1') }), {
      signing: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    });
    await call(rig, 'f', 1);
    const [{ headers }] = rig.sent as [ClientSend];
    assert.match(
      headers['authorization']!,
      new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20231114/${region}/lambda/aws4_request, `),
    );
    assert.equal(headers['x-amz-invocation-type'], 'RequestResponse');
  }
});

test('an error that comes without the header, as of RIE, is one; an answer that only looks like it is none', async () => {
  const rig = await open(invoke, ({ body }) => ({ body: Buffer.from(JSON.parse(String(body))) }));
  const said = '{"errorType":"E","errorMessage":"m"}';
  assert.equal(answerOf(await call(rig, 'f', said)), 'Unhandled E: m');
  for (const fine of ['{"errorType":1}', '"\\"errorType\\""', '{"errorType":"E"}', '[]']) {
    assert.equal((await call(rig, 'f', fine)).functionError, undefined, fine);
  }
  assert.equal((await call(rig, 'f', '{"errorType"')).functionError, undefined);
});

test('what a URL of Invoke refuses is an error of Lambda, not of the function', async () => {
  for (const [status, expected] of [
    [429, '429 TooManyRequestsException: Rate Exceeded.'],
    [413, '413 RequestTooLargeException: no'],
    [404, '404 ResourceNotFoundException: http://sam:3001/2015-03-31/functions/f/invocations: no'],
    [403, /^500 ServiceException: The function at \S+ could not be reached: status 403, no$/],
    [500, /^500 ServiceException: /],
    [302, /^500 ServiceException: /],
  ] as const) {
    const rig = await open(invoke, () => ({ status, body: Buffer.from('no') }));
    const told = await typeOf(call(rig, 'f', 1));
    if (typeof expected === 'string') assert.equal(told, expected);
    else assert.match(told, expected);
  }
});

for (const code of [invoke, webhook]) {
  test(`an answer that is too long is an error of the function: ${code.kind}`, async () => {
    const rig = await open(code, () => Promise.reject(new AnswerTooLongError('too long')));
    assert.match(String(answerOf(await call(rig, 'f', 1))), /^Unhandled Function\.ResponseSizeTooLarge: /);
  });
}

test('a webhook that hangs up over an event has failed; one that did not get it has not', async () => {
  const hungUp = new Error('socket hang up');
  const rig = await open(webhook, (request) => {
    if (request.body.toString() === '1') request.left?.();
    return Promise.reject(hungUp);
  });
  const said = answerOf(await call(rig, 'f', 1));
  assert.equal(said, 'Unhandled Webhook.Error: The webhook hung up before it had answered.');
  assert.match(await typeOf(call(rig, 'f', 2)), /ServiceException: .* socket hang up/);
});

test('a webhook is posted the event, and its status says how it went', async () => {
  const rig = await open(webhook, ({ body }) => ({
    status: Number(String(body)),
    body: Buffer.from('"ok"'),
  }));
  const done = await call(rig, 'f', 201);
  assert.equal(answerOf(done), 'ok');
  const [{ method, url, headers }] = rig.sent as [ClientSend];
  assert.deepEqual([method, url], ['POST', webhook.url]);
  assert.deepEqual(headers, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': done.requestId,
    'Lambda-Runtime-Deadline-Ms': String(rig.clock.now() + 3_000),
    'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-central-1:000000000000:function:f',
  });
  for (const status of [200, 202, 204]) assert.equal((await call(rig, 'f', status)).functionError, undefined);
  for (const status of [301, 400, 404, 500, 502]) {
    const text = `Unhandled Webhook.Error: The webhook answered ${status}: "ok"`;
    assert.equal(answerOf(await call(rig, 'f', status)), text);
  }
  for (const status of [429, 503]) assert.match(await typeOf(call(rig, 'f', status)), /^429 TooManyRequests/);
});

for (const code of [invoke, webhook]) {
  test(`${code.kind}: who does not answer in time, too much, or not at all`, async () => {
    const hanging = await open(code, () => new Promise<never>(() => {}));
    const late = call(hanging, 'f', 1);
    await until(() => hanging.clock.sleeping === 1);
    await hanging.clock.advance(3_000);
    assert.match(String(answerOf(await late)), /Sandbox\.Timedout: .*Task timed out after 3\.00 seconds$/);
    assert.equal(hanging.clock.sleeping, 0);
    const large = await open(code, () => ({ body: Buffer.alloc(responseBytesMax + 1) }));
    assert.match(String(answerOf(await call(large, 'f', 1))), /Function\.ResponseSizeTooLarge/);
    const gone = await open(code, () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:1')));
    assert.match(await typeOf(call(gone, 'f', 1)), /^500 ServiceException: .*ECONNREFUSED/);
  });
}
