import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import { apartProgram } from './apart-program.ts';

/** A program apart, and what it says, one after the other. */
function started(context: TestContext) {
  const [own, port] = nodeWorkers.channel<unknown, unknown>();
  const heard: unknown[] = [];
  let hearing = (_: unknown) => {};
  own.listen((message) => {
    heard.push(message);
    hearing(message);
  });
  const worker = nodeWorkers.start(apartProgram, undefined, { port });
  context.after(() => worker.terminate());
  const hear = async (): Promise<unknown> => {
    if (heard.length === 0) await new Promise((resolve) => (hearing = resolve));
    return heard.shift();
  };
  return { own, worker, hear };
}

test('a program apart has a process of its own without secrets, and copies of what it is told', async (context) => {
  process.env['MILLRACE_TEST_SECRET'] = 'secret';
  const { own, worker, hear } = started(context);
  const said = (await hear()) as { readonly pid: number; readonly secret: unknown };
  assert.notEqual(said.pid, process.pid);
  assert.equal(said.secret, undefined);
  const message = { bytes: new Uint8Array([1, 2]), big: 2n ** 128n, none: undefined };
  own.post(message);
  assert.deepEqual({ ...((await hear()) as object) }, message);
  own.close();
  assert.equal(await worker.ended, undefined);
});

test('one text that its heap cannot hold ends it with an error, and nothing else', async (context) => {
  const { own, worker, hear } = started(context);
  await hear();
  own.post('fill');
  assert.match(String(await worker.ended), /its process has ended/);
});

test('a program apart is ended wherever it is, as nobody had asked', async (context) => {
  const { worker, hear } = started(context);
  await hear();
  await worker.terminate();
  assert.equal(await worker.ended, undefined);
});
