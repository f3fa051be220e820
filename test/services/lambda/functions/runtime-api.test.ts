import assert from 'node:assert/strict';
import { test } from 'node:test';
import { responseBytesMax } from '../../../../src/services/lambda/functions/functions.ts';
import { type RuntimeAnswer, RuntimeApi } from '../../../../src/services/lambda/functions/runtime-api.ts';
import { PlayedNetwork } from './played-processes.ts';

type Heard = { ready: number; initErrors: string[]; answers: RuntimeAnswer[] };

async function open() {
  const network = new PlayedNetwork();
  const heard: Heard = { ready: 0, initErrors: [], answers: [] };
  const api = await RuntimeApi.listen(network, {
    ready: () => {
      heard.ready += 1;
    },
    initFailed: (payload) => heard.initErrors.push(String(payload)),
    answered: (answer) => heard.answers.push(answer),
  });
  const ask = async (method: string, path: string, body = '', rawHeaders: string[] = []) => {
    const { status, headers, body: text } = await network.ask(api.authority, method, path, body, rawHeaders);
    return { status, headers, text: String(text) };
  };
  const deliver = (requestId: string, event = `"${requestId}"`, clientContext?: string) =>
    api.deliver({
      ...{ requestId, arn: 'arn:f', payload: Buffer.from(event), deadline: 1234, traceId: 'Root=1' },
      clientContext,
    });
  return { api, heard, ask, deliver };
}

test('a runtime gets the event with its headers, whether it asks before or after it is there', async () => {
  const { heard, ask, deliver } = await open();
  const before = ask('GET', 'invocation/next');
  deliver('one', '{"a":1}', '{"c":2}');
  const first = await before;
  assert.deepEqual([first.status, first.text, heard.ready], [200, '{"a":1}', 1]);
  assert.deepEqual(first.headers, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': 'one',
    'Lambda-Runtime-Deadline-Ms': '1234',
    'Lambda-Runtime-Invoked-Function-Arn': 'arn:f',
    'Lambda-Runtime-Trace-Id': 'Root=1',
    'Lambda-Runtime-Client-Context': '{"c":2}',
  });
  const answered = await ask('POST', 'invocation/one/response', '{"b":2}');
  assert.deepEqual([answered.status, answered.text], [202, '{"status":"OK"}']);
  deliver('two');
  const second = await ask('GET', 'invocation/next');
  assert.equal(second.headers['Lambda-Runtime-Aws-Request-Id'], 'two');
  await ask('POST', 'invocation/two/error', '{"errorType":"E"}');
  assert.deepEqual(
    heard.answers.map(({ payload, isError }) => [String(payload), isError]),
    [
      ['{"b":2}', false],
      ['{"errorType":"E"}', true],
    ],
  );
  assert.equal(heard.ready, 1);
});

test('an answer counts for its own invocation only, and once', async () => {
  const { heard, ask, deliver } = await open();
  const wrong = async (id: string) => {
    const { status, text } = await ask('POST', `invocation/${id}/response`, '1');
    assert.deepEqual(
      [status, JSON.parse(text)],
      [400, { errorMessage: 'Invalid request ID', errorType: 'InvalidRequestID' }],
    );
  };
  await wrong('one');
  deliver('one');
  // It was not handed out yet.
  await wrong('one');
  await ask('GET', 'invocation/next');
  await wrong('other');
  assert.equal((await ask('POST', 'invocation/one/response', '1')).status, 202);
  await wrong('one');
  deliver('two');
  await ask('GET', 'invocation/next');
  await wrong('one');
  assert.equal(heard.answers.length, 1);
});

test('a runtime that asks for more before it has answered is refused', async () => {
  const { ask, deliver } = await open();
  deliver('one');
  await ask('GET', 'invocation/next');
  const { status, text } = await ask('GET', 'invocation/next');
  assert.deepEqual([status, JSON.parse(text).errorType], [403, 'InvalidStateTransition']);
});

test('of two questions the later one is answered: the connection of the first may be lost', async () => {
  const { ask, deliver } = await open();
  const lost = ask('GET', 'invocation/next');
  const asked = ask('GET', 'invocation/next');
  assert.equal((await lost).status, 403);
  deliver('one');
  assert.equal((await asked).text, '"one"');
});

test('an answer may have 6 MiB and 100 bytes; of a longer one AWS makes an error', async () => {
  const { heard, ask, deliver } = await open();
  for (const [id, bytes, status] of [
    ['fits', responseBytesMax, 202],
    ['not', responseBytesMax + 1, 413],
  ] as const) {
    deliver(id);
    await ask('GET', 'invocation/next');
    const answer = await ask('POST', `invocation/${id}/response`, 'x'.repeat(bytes));
    assert.equal(answer.status, status);
  }
  assert.deepEqual(
    heard.answers.map(({ payload, isError }) => [payload.length, isError]),
    [
      [responseBytesMax, false],
      [heard.answers[1]!.payload.length, true],
    ],
  );
  assert.deepEqual(JSON.parse(String(heard.answers[1]!.payload)), {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  });
});

test('code that cannot be loaded is told once, and garbage about it becomes words', async () => {
  const { heard, ask } = await open();
  assert.equal((await ask('POST', 'init/error', 'no json')).status, 202);
  assert.equal((await ask('POST', 'init/error', '{}')).status, 403);
  assert.deepEqual(heard.initErrors, ['{"errorType":"Runtime.Unknown","errorMessage":"Unknown error"}']);
});

test('an answer in pieces is refused, since it may end in an error', async () => {
  const { heard, ask, deliver } = await open();
  deliver('one');
  await ask('GET', 'invocation/next');
  const header = ['lambda-runtime-function-response-mode', 'Streaming'];
  assert.equal((await ask('POST', 'invocation/one/response', '1', header)).status, 400);
  assert.match(String(heard.answers[0]!.payload), /Runtime\.InvalidStreamingOperation/);
});

test('what is no part of the API is refused, and all of it once it is closed', async () => {
  const { api, ask } = await open();
  for (const [method, path, status] of [
    ['GET', 'invocation/other', 404],
    ['GET', 'invocation/a/b/response', 404],
    ['POST', 'invocation/next', 405],
    ['GET', 'invocation/one/response', 405],
    ['GET', 'init/error', 405],
  ] as const) {
    assert.equal((await ask(method, path)).status, status, path);
  }
  const asked = ask('GET', 'invocation/next');
  await api.close();
  assert.equal((await asked).status, 403);
});
