import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeDisk } from '../../../../src/env/node-disk.ts';
import { nodeProcesses } from '../../../../src/env/node-processes.ts';
import type { FunctionRecord } from '../../../../src/services/lambda/state/lambda-state.ts';
import { account, answerOf, call, inFolder, openRig, region, zipped } from './running.ts';

// Real processes, kept apart as far as this machine allows.

const scratch = mkdtempSync(join(tmpdir(), 'millrace-node-runtime-'));
const processes = await nodeProcesses(process.env);
const rig = await openRig({ processes, logs: nodeDisk(scratch) });

after(async () => {
  await rig.functions[Symbol.asyncDispose]();
  await processes[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

let functions = 0;

/** A function of these files, or of one that is `index.js`. */
async function made(files: string | Record<string, string>, more?: Partial<FunctionRecord>): Promise<string> {
  const name = `f${++functions}`;
  await rig.say(await zipped(rig, name, typeof files === 'string' ? { 'index.js': files } : files, more));
  return name;
}

test('a handler gets its event and AWS’s context, and the next call finds its memory', async () => {
  const name = await made(`
    let calls = 0;
    exports.handler = async (event, context) => {
      console.log('got %s', event.a, { deep: 1 });
      const { memoryLimitInMB, functionName, functionVersion, invokedFunctionArn, clientContext } = context;
      return { event, calls: ++calls, id: context.awsRequestId, left: context.getRemainingTimeInMillis(),
        memoryLimitInMB, functionName, functionVersion, invokedFunctionArn, clientContext,
        trace: process.env._X_AMZN_TRACE_ID };
    };`);
  const clientContext = Buffer.from('{"custom":{"ü":"\\n"}}').toString('base64');
  const first = await call(rig, name, { a: 'ü' }, { clientContext });
  const { left, trace, ...rest } = answerOf(first) as { left: number; trace: string };
  assert.deepEqual(rest, {
    ...{ event: { a: 'ü' }, calls: 1, id: first.requestId, memoryLimitInMB: '128' },
    ...{ functionName: name, functionVersion: '$LATEST', clientContext: { custom: { ü: '\n' } } },
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
  });
  assert.ok(left > 0 && left <= 60_000);
  assert.match(trace, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  const printed = new RegExp(`^\\S+Z\t${first.requestId}\tINFO\tgot ü \\{ deep: 1 \\}$`, 'm');
  assert.match(String(first.logTail), printed);
  assert.equal((answerOf(await call(rig, name, {})) as { calls: number }).calls, 2);
});

test('handlers are found in nested paths, of CommonJS and ESM, and answer by callback or promise', async () => {
  const name = await made(
    {
      'src/app.mjs': `
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        let late = 0;
        export const api = {
          handler: (event, context, callback) => {
            context.callbackWaitsForEmptyEventLoop = event.waits;
            setTimeout(() => { late += 1; }, 50).unref();
            const timer = setTimeout(() => { late += 10; }, 60);
            if (!event.waits) timer.unref();
            callback(event.error ?? null, () => late);
            callback(null, { toJSON: () => late });
          },
        };`,
    },
    { handler: 'src/app.api.handler' },
  );
  assert.equal(answerOf(await call(rig, name, { waits: false })), null);
  const waited = answerOf(await call(rig, name, { waits: true }));
  assert.ok(Number(waited) >= 10, 'what was under way had ended by then');
  assert.equal(answerOf(await call(rig, name, { waits: false, error: 'no' })), 'Unhandled string: no');
});

test('what a handler throws, and how it ends its process, is told in AWS’s form', async () => {
  const name = await made(`
    class OddError extends TypeError { constructor(m) { super(m); this.name = 'OddError'; } }
    exports.handler = (event) => {
      switch (event) {
        case 'throw': throw new OddError('sync');
        case 'reject': return Promise.reject(new OddError('async'));
        case 'text': return Promise.reject('a text');
        case 'circle': { const a = {}; a.a = a; return Promise.resolve(a); }
        case 'nothing': return Promise.resolve();
        case 'never': return new Promise(() => {});
        case 'large': return Promise.resolve('x'.repeat(7e6));
        case 'unhandled': Promise.reject(new OddError('lost')); return new Promise((r) => setTimeout(r, 6e4));
        case 'uncaught': setTimeout(() => { throw new OddError('thrown'); }); return new Promise((r) => setTimeout(r, 6e4));
        case 'exit': process.exit(7);
        case 'abort': process.kill(process.pid, 'SIGSEGV');
      }
    };`);
  const answers: Record<string, unknown> = {};
  const events = ['throw', 'reject', 'text', 'nothing', 'never', 'large', 'unhandled', 'uncaught', 'exit'];
  for (const event of events) answers[event] = answerOf(await call(rig, name, event));
  const { exit, ...rest } = answers;
  assert.deepEqual(rest, {
    throw: 'Unhandled OddError: sync',
    reject: 'Unhandled OddError: async',
    text: 'Unhandled string: a text',
    nothing: null,
    never: null,
    large:
      'Unhandled Function.ResponseSizeTooLarge: Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    unhandled: 'Unhandled Runtime.UnhandledPromiseRejection: OddError: lost',
    uncaught: 'Unhandled OddError: thrown',
  });
  assert.match(
    String(exit),
    /Runtime\.ExitError: RequestId: \S+ Error: Runtime exited with error: exit status 7$/,
  );
  assert.match(String(answerOf(await call(rig, name, 'circle'))), /Unhandled TypeError: .*circular/);
  const thrown = JSON.parse(String((await call(rig, name, 'throw')).payload));
  assert.deepEqual([thrown.trace[0], thrown.trace.length > 1], ['OddError: sync', true]);
});

test('code that cannot be loaded is told by AWS’s names', async () => {
  for (const [files, handler, expected] of [
    [
      { 'index.js': '' },
      'index.handler',
      /Runtime\.HandlerNotFound: index\.handler is undefined or not exported/,
    ],
    [{ 'other.js': '' }, 'index.handler', /Runtime\.ImportModuleError: Error: Cannot find module 'index'/],
    [
      { 'index.js': 'require("none")' },
      'index.handler',
      /Runtime\.ImportModuleError: Error: Cannot find module 'none'/,
    ],
    [{ 'index.js': 'a b' }, 'index.handler', /Runtime\.UserCodeSyntaxError: SyntaxError: /],
    [{ 'index.js': 'throw new RangeError("early")' }, 'index.handler', /Unhandled RangeError: early/],
    [{ 'index.js': '' }, 'handler', /Runtime\.MalformedHandlerName: Bad handler/],
    [
      { 'index.js': 'exports.handler = awslambda.streamifyResponse(() => {})' },
      'index.handler',
      /Runtime\.InvalidStreamingOperation: index\.handler answers as a stream/,
    ],
  ] as const) {
    assert.match(String(answerOf(await call(rig, await made({ ...files }, { handler }), 1))), expected);
  }
});

test('a function that fills its memory, and one that takes too long, are ended, and run again', async () => {
  const code = `exports.handler = async (event) => {
      if (event === 'fill') for (const all = []; ; await new Promise(setImmediate)) all.push(Buffer.alloc(5e6, 1));
      if (event === 'spin') for (;;);
      return event;
    };`;
  const record = await zipped(rig, 'limited', { 'index.js': code }, { timeoutSeconds: 2 });
  await rig.say(record);
  const filled = String(answerOf(await call(rig, 'limited', 'fill')));
  // On a machine that is too busy, time is up first.
  assert.match(filled, /signal: killed$|Task timed out after 2\.00 seconds$/);
  const late = String(answerOf(await call(rig, 'limited', 'spin')));
  assert.match(late, /Sandbox\.Timedout: RequestId: \S+ Error: Task timed out after 2\.00 seconds$/);
  await rig.say({ ...record, timeoutSeconds: 60, revision: 'r2' });
  assert.equal(answerOf(await call(rig, 'limited', 'on')), 'on');
});

test('a function in a folder runs its new code with the next call, once a file was changed', async () => {
  const folder = mkdtempSync(join(scratch, 'code-'));
  const write = (text: string) =>
    writeFileSync(join(folder, 'index.mjs'), `export const handler = async () => '${text}';`);
  write('old');
  await rig.say(inFolder('folder', folder));
  assert.equal(answerOf(await call(rig, 'folder', 1)), 'old');
  write('new');
  while (answerOf(await call(rig, 'folder', 1)) !== 'new');
});

test('a bootstrap of any language runs, and gets the event as it is', async () => {
  const bootstrap = `#!${process.execPath}
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
    for (;;) {
      const answer = await fetch(api + 'next');
      const id = answer.headers.get('lambda-runtime-aws-request-id');
      await fetch(api + id + '/response', { method: 'POST', body: (await answer.text()) + '!' });
    }`;
  // A script without an ending is CommonJS, where it has no `await` at its top.
  const name = await made({ bootstrap, 'package.json': '{"type":"module"}' }, { runtime: 'provided.al2023' });
  assert.equal(String((await call(rig, name, 'as it is')).payload), '"as it is"!');
  const none = await made({ other: '' }, { runtime: 'provided.al2023' });
  assert.match(
    String(answerOf(await call(rig, none, 1))),
    /Runtime\.InvalidEntrypoint: .*bootstrap was not found/,
  );
});
