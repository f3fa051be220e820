import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { silentLogger } from '../../../../src/env/logger.ts';
import { payloadBytesMax } from '../../../../src/services/lambda/functions/functions.ts';
import { idleMsMax } from '../../../../src/services/lambda/functions/instance-pool.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';
import { functionOf } from '../state/lambda-records.ts';
import { echoing, type Play, PlayedProcesses } from './played-processes.ts';
import {
  account,
  answerOf,
  call,
  commit,
  inFolder,
  openRig,
  type RigOptions,
  region,
  sayAlias,
  sayVersion,
  until,
  zipped,
} from './running.ts';

/** Functions whose processes a test plays, on a clock that it moves. */
async function open(play: Play = echoing(), options: RigOptions = {}) {
  const processes = new PlayedProcesses(play);
  const clock = new ManualClock();
  clock.follow({ turns: 5 });
  const rig = await openRig({ processes, clock, network: processes.network, ...options });
  return { ...rig, processes, clock };
}

/** Answers when the test says so. */
function gated() {
  const entered: { readonly event: unknown; readonly answer: () => void }[] = [];
  const play: Play = async (runtime) => {
    for (;;) {
      const { id, event } = await runtime.next();
      const { promise, resolve } = Promise.withResolvers<void>();
      entered.push({ event, answer: resolve });
      await promise;
      await runtime.answer(id, event);
    }
  };
  return { entered, play };
}

function isThrottledFor(reason: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ServiceError);
    const { type, status, message, details } = error;
    assert.deepEqual([type, status, message], ['TooManyRequestsException', 429, 'Rate Exceeded.']);
    assert.deepEqual(details?.value, { Reason: reason });
    return true;
  };
}

test('a process runs one call after the other, and a second one at once what it cannot', async () => {
  const { entered, play } = gated();
  const rig = await open(play);
  await rig.say(inFolder('f', '/f'));
  const calls = [call(rig, 'f', 1)];
  await until(() => entered.length === 1);
  const second = call(rig, 'f', 2);
  calls.push(second);
  let isOver = false;
  second
    .finally(() => {
      isOver = true;
    })
    .catch(() => {});
  await until(() => entered.length === 2 || isOver);
  assert.equal(rig.processes.running, 2);
  for (const { answer } of entered) answer();
  assert.deepEqual((await Promise.all(calls)).map(answerOf).sort(), [1, 2]);
  const third = call(rig, 'f', 3);
  await until(() => entered.length === 3);
  entered[2]!.answer();
  assert.equal(answerOf(await third), 3);
  assert.equal(rig.processes.started, 2);
  assert.deepEqual(rig.counted, ['f', 'f', 'f']);
});

test('a call that takes too long is ended with its process, which runs nothing any more', async () => {
  const killed: boolean[] = [];
  const rig = await open(async (runtime) => {
    await runtime.next();
    runtime.killed.addEventListener('abort', () => killed.push(true));
    return await new Promise(() => {});
  });
  await rig.say(inFolder('f', '/f', { timeoutSeconds: 3 }));
  const late = call(rig, 'f', 1);
  await until(() => rig.clock.sleeping >= 2);
  await rig.clock.advance(3_000);
  const outcome = await late;
  const text = `RequestId: ${outcome.requestId} Error: Task timed out after 3.00 seconds`;
  assert.equal(answerOf(outcome), `Unhandled Sandbox.Timedout: ${text}`);
  assert.match(String(outcome.logTail), /^\S+Z \S+ Task timed out after 3\.00 seconds$/m);
  assert.deepEqual(killed, [true]);
  rig.processes.play = echoing();
  assert.deepEqual(answerOf(await call(rig, 'f', 2)), { event: 2, process: 1 });
  assert.deepEqual(rig.counted, ['f failed', 'f']);
});

test('code that is not loaded within 10 s is given up', async () => {
  const rig = await open(() => new Promise(() => {}));
  await rig.say(inFolder('f', '/f', { timeoutSeconds: 3 }));
  const late = call(rig, 'f', 1);
  await until(() => rig.clock.sleeping >= 1);
  await rig.clock.advance(10_000);
  assert.match(String(answerOf(await late)), /Sandbox\.Timedout: .*Task timed out after 10\.00 seconds/);
  assert.equal(rig.processes.running, 0);
});

test('a process that ends in the middle of a call is an error of the function, in the words of AWS', async () => {
  for (const [code, text] of [
    [1, 'Runtime exited with error: exit status 1'],
    [0, 'Runtime exited without providing a reason'],
  ] as const) {
    const rig = await open(async (runtime) => {
      await runtime.next();
      return code;
    });
    await rig.say(inFolder('f', '/f'));
    const outcome = await call(rig, 'f', 1);
    const message = `RequestId: ${outcome.requestId} Error: ${text}`;
    assert.equal(answerOf(outcome), `Unhandled Runtime.ExitError: ${message}`);
    assert.equal(rig.processes.folders.size, 0);
  }
});

test('a process that ends while it is idle costs nobody an error: the call runs in another one', async () => {
  let processes = 0;
  const rig = await open(async (runtime) => {
    const process = ++processes;
    const { id } = await runtime.next();
    await runtime.answer(id, process);
    return 1;
  });
  await rig.say(inFolder('f', '/f'));
  assert.equal(answerOf(await call(rig, 'f', 1)), 1);
  assert.equal(answerOf(await call(rig, 'f', 2)), 2);
});

test('a call that a process dies over before it has taken it runs in another one', async () => {
  let processes = 0;
  const rig = await open(async (runtime) => {
    const process = ++processes;
    const { id } = await runtime.next();
    await runtime.answer(id, process);
    if (process > 1) return await new Promise(() => {});
    // It does not ask for the second call, which is handed to it.
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    return 1;
  });
  await rig.say(inFolder('f', '/f'));
  assert.equal(answerOf(await call(rig, 'f', 1)), 1);
  assert.equal(answerOf(await call(rig, 'f', 2)), 2);
});

test('a process over its memory is ended', async () => {
  const rig = await open(async (runtime) => {
    await runtime.next();
    return await new Promise(() => {});
  });
  rig.processes.memory = 128 * 1024 * 1024 + 1;
  await rig.say(inFolder('f', '/f'));
  const over = call(rig, 'f', 1);
  await until(() => rig.clock.sleeping >= 2);
  await rig.clock.advance(200);
  assert.match(
    String(answerOf(await over)),
    /Runtime\.ExitError: .* Runtime exited with error: signal: killed/,
  );
});

test('reserved concurrency refuses who does not wait, by its reason, and lets the others have their turn', async () => {
  const { entered, play } = gated();
  const rig = await open(play);
  const record = inFolder('f', '/f', { reserved: 1 });
  await rig.say(record);
  const first = call(rig, 'f', 1);
  await until(() => entered.length === 1);
  await assert.rejects(
    call(rig, 'f', 2),
    isThrottledFor('ReservedFunctionConcurrentInvocationLimitExceeded'),
  );
  const second = call(rig, 'f', 3, { patienceMs: 60_000 });
  const left = new AbortController();
  const gone = call(rig, 'f', 4, { patienceMs: 60_000, signal: left.signal });
  left.abort(new Error('no more'));
  await assert.rejects(gone, { message: 'no more' });
  entered[0]!.answer();
  assert.equal(answerOf(await first), 1);
  await until(() => entered.length === 2);
  // What is reserved grows while others wait.
  const third = call(rig, 'f', 5, { patienceMs: 60_000 });
  await rig.say({ ...record, reserved: 2 });
  await until(() => entered.length === 3);
  for (const { answer } of entered) answer();
  assert.deepEqual([answerOf(await second), answerOf(await third)], [3, 5]);
  assert.deepEqual(rig.counted, ['f throttled', 'f', 'f', 'f']);
});

test('who waits for its turn is refused when its patience ends, and has no turn after that', async () => {
  const { entered, play } = gated();
  const rig = await open(play);
  const record = inFolder('f', '/f', { reserved: 0 });
  await rig.say(record);
  let isRefused = false;
  const refused = assert.rejects(
    call(rig, 'f', 1, { patienceMs: 10_000 }),
    isThrottledFor('ReservedFunctionConcurrentInvocationLimitExceeded'),
  );
  const heard = refused.then(() => {
    isRefused = true;
  });
  const other = call(rig, 'f', 2, { patienceMs: 60_000 });
  await rig.clock.advance(9_999);
  assert.equal(isRefused, false);
  await rig.clock.advance(1);
  assert.equal(isRefused, true);
  await heard;
  await rig.say({ ...record, reserved: 1 });
  await until(() => entered.length === 1);
  entered[0]!.answer();
  assert.equal(answerOf(await other), 2);
  assert.equal(entered.length, 1);
});

test('nothing of a function that reserves no concurrency is run', async () => {
  const rig = await open();
  await rig.say(inFolder('f', '/f', { reserved: 0 }));
  await assert.rejects(call(rig, 'f', 1), { type: 'TooManyRequestsException' });
  assert.equal(rig.processes.started, 0);
});

test('all functions together have so many calls at once, and idle processes make room for others', async () => {
  const { entered, play } = gated();
  const rig = await open(play, { instancesMax: 2 });
  for (const name of ['a', 'b', 'c']) await rig.say(inFolder(name, `/${name}`));
  const calls = [call(rig, 'a', 1), call(rig, 'b', 2)];
  await until(() => entered.length === 2);
  await assert.rejects(call(rig, 'c', 3), isThrottledFor('ConcurrentInvocationLimitExceeded'));
  for (const { answer } of entered) answer();
  await Promise.all(calls);
  assert.equal(rig.processes.running, 2);
  const third = call(rig, 'c', 4);
  await until(() => entered.length === 3);
  assert.equal(rig.processes.running, 2);
  entered[2]!.answer();
  await third;
});

test('a process that is idle for 5 minutes is ended, and its folders are removed', async () => {
  const rig = await open();
  await rig.say(await zipped(rig, 'f', { 'index.js': '' }));
  await call(rig, 'f', 1);
  await rig.clock.advance(idleMsMax - 1);
  assert.equal(rig.processes.running, 1);
  await call(rig, 'f', 2);
  await rig.clock.advance(idleMsMax - 1);
  assert.equal(rig.processes.running, 1);
  await rig.clock.advance(1);
  await until(() => rig.processes.running === 0 && rig.processes.folders.size === 0);
  assert.equal(rig.processes.started, 1);
  assert.equal(rig.processes.network.size, 0);
  // Nothing is left that would wake up.
  assert.equal(rig.clock.sleeping, 0);
});

test('a changed configuration runs in another process, the old one ends', async () => {
  const rig = await open();
  await rig.say(inFolder('f', '/f'));
  assert.deepEqual(answerOf(await call(rig, 'f', 1)), { event: 1, process: 1 });
  await rig.say(inFolder('f', '/f', { revision: 'r2' }));
  assert.deepEqual(answerOf(await call(rig, 'f', 2)), { event: 2, process: 2 });
  assert.equal(rig.processes.running, 1);
});

test('changed files of a folder run with the next call, what runs lets its call end', async () => {
  const { entered, play } = gated();
  const rig = await open(play);
  await rig.say(inFolder('f', '/f'));
  const first = call(rig, 'f', 1);
  await until(() => entered.length === 1);
  rig.processes.change('/f');
  entered[0]!.answer();
  assert.equal(answerOf(await first), 1);
  await until(() => rig.processes.running === 0);
  assert.equal(rig.processes.watching('/f'), 0);
  const second = call(rig, 'f', 2);
  await until(() => entered.length === 2);
  entered[1]!.answer();
  await second;
  assert.deepEqual([rig.processes.started, rig.processes.watching('/f')], [2, 1]);
  rig.processes.change('/f');
  await until(() => rig.processes.running === 0);
});

test('credentials that are about to end are not used for another call', async () => {
  let expiresAt = 0;
  const rig = await open(echoing(), {
    credentials: { issue: () => ({ environment: { AWS_ACCESS_KEY_ID: 'k' }, expiresAt, authority: 'PEM' }) },
  });
  await rig.say(inFolder('f', '/f', { timeoutSeconds: 60 }));
  expiresAt = rig.clock.now() + 3_600_000;
  await call(rig, 'f', 1);
  await rig.clock.advance(60_000);
  await call(rig, 'f', 2);
  assert.equal(rig.processes.started, 1);
  rig.clock.jump(3_600_000 - 120_000);
  await call(rig, 'f', 3);
  assert.equal(rig.processes.started, 2);
});

test('a process finds AWS’s variables, its own, and no more', async () => {
  let environment: Readonly<Record<string, string>> = {};
  const rig = await open(
    async (runtime) => {
      ({ environment } = runtime.program);
      return await echoing()(runtime);
    },
    {
      credentials: {
        issue: () => ({
          environment: { AWS_ACCESS_KEY_ID: 'k', AWS_ENDPOINT_URL: 'http://here' },
          expiresAt: undefined,
          authority: 'PEM',
        }),
      },
    },
  );
  await rig.say(
    inFolder('f', '/code', {
      environment: {
        MINE: '1',
        MILLRACE_CODE_FOLDER: '/code',
        AWS_REGION: 'moon',
        AWS_ENDPOINT_URL: 'http://there',
      },
    }),
  );
  await call(rig, 'f', 1);
  const {
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    TMPDIR: scratch,
    MILLRACE_COMPILE_CACHE: cache,
    ...rest
  } = environment;
  assert.match(stream!, /^2023\/11\/14\/\[\$LATEST\][0-9a-f]{32}$/);
  assert.ok(scratch !== undefined && cache !== undefined && scratch !== cache);
  assert.deepEqual(rest, {
    LANG: 'en_US.UTF-8',
    PATH: '/bin:/opt/bin',
    HOME: scratch,
    AWS_ACCESS_KEY_ID: 'k',
    AWS_ENDPOINT_URL: 'http://there',
    NODE_EXTRA_CA_CERTS: `${scratch}/millrace-authority.pem`,
    AWS_CA_BUNDLE: `${scratch}/millrace-authority.pem`,
    MINE: '1',
    _HANDLER: 'index.handler',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_REGION: 'eu-central-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/f',
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: '/code',
    TZ: ':UTC',
  });
});

test('a call has the log of its own, as CloudWatch has it, and no more than its last 4 KiB', async () => {
  const rig = await open(async (runtime) => {
    runtime.print('loading\n');
    for (;;) {
      const { id, event } = await runtime.next();
      runtime.print(`${event}\n`);
      await runtime.answer(id, null);
    }
  });
  await rig.say(inFolder('f', '/f'));
  const first = await call(rig, 'f', 'hello');
  const lines = String(first.logTail).split('\n');
  assert.deepEqual(lines.slice(0, 4), [
    `START RequestId: ${first.requestId} Version: $LATEST`,
    'loading',
    'hello',
    `END RequestId: ${first.requestId}`,
  ]);
  assert.match(
    lines[4]!,
    /^REPORT RequestId: \S+\tDuration: \d+\.\d\d ms\t.*Memory Size: 128 MB\t.*Init Duration: /,
  );
  const second = await call(rig, 'f', 'x'.repeat(10_000));
  assert.equal(second.logTail.length, 4096);
  assert.ok(!String(second.logTail).includes('Init Duration'));
});

test('our log has the lines of functions, how they are kept apart, and not more than 100 lines a second', async () => {
  const told: string[] = [];
  const logger = { ...silentLogger, info: (text: string) => told.push(text) };
  const play: Play = async (runtime) => {
    for (;;) {
      const { id, event } = await runtime.next();
      runtime.print(String(event).slice(0, 3));
      runtime.print(String(event).slice(3));
      await runtime.answer(id, null);
    }
  };
  const rig = await open(play, { logger });
  await rig.say(inFolder('f', '/f'));
  await call(rig, 'f', 'one\ntwo\nthree');
  await call(rig, 'f', '\n');
  assert.match(told[0]!, /^Functions run as the user of this server.* no sandbox/);
  assert.deepEqual(told.slice(1), ['function f: one', 'function f: two', 'function f: three']);
  await call(rig, 'f', 'x\n'.repeat(200));
  assert.equal(told.length, 1 + 100);
  await rig.clock.advance(1_000);
  await call(rig, 'f', 'last\n');
  assert.deepEqual(told.slice(101), ['function f: 103 lines are only in its file', 'function f: last']);
});

test('versions and aliases run what they name, an alias by its weights', async () => {
  const rig = await open(async (runtime) => {
    for (;;) await runtime.answer((await runtime.next()).id, runtime.program.environment['WHICH']);
  });
  const latest = inFolder('f', '/f', { environment: { WHICH: 'latest' } });
  await rig.say(latest);
  await commit(
    rig.journal,
    sayVersion('f', 1, { ...latest, environment: { WHICH: 'one' }, revision: 'one' }),
    sayVersion('f', 2, { ...latest, environment: { WHICH: 'two' }, revision: 'two' }),
    sayAlias('f', { name: 'live', version: '1', weights: {} }),
    sayAlias('f', { name: 'canary', version: '1', weights: { 2: 0.5 } }),
  );
  const which = async (qualifier?: string) => {
    const outcome = await call(rig, 'f', 0, qualifier === undefined ? {} : { qualifier });
    return [answerOf(outcome), outcome.executedVersion];
  };
  assert.deepEqual(await which(), ['latest', '$LATEST']);
  assert.deepEqual(await which('2'), ['two', '2']);
  assert.deepEqual(await which('live'), ['one', '1']);
  const seen = new Set<unknown>();
  while (seen.size < 2) seen.add((await which('canary'))[0]);
  assert.deepEqual([...seen].sort(), ['one', 'two']);
  for (const qualifier of ['3', 'none']) {
    await assert.rejects(which(qualifier), {
      type: 'ResourceNotFoundException',
      message: `Function not found: arn:aws:lambda:${region}:${account}:function:f:${qualifier}`,
    });
  }
});

test('events that are too large, and what no function is, reject before anything runs', async () => {
  const rig = await open();
  await rig.say(inFolder('f', '/f'));
  const target = { account, region, name: 'f' };
  await assert.rejects(rig.functions.invoke(target, Buffer.alloc(payloadBytesMax + 1), {}), {
    type: 'RequestTooLargeException',
    status: 413,
  });
  await assert.rejects(call(rig, 'none', 1), { type: 'ResourceNotFoundException', status: 404 });
  assert.equal(rig.processes.started, 0);
});

test('runtimes that are not run here, and folders that are not there, are errors of the function', async () => {
  const rig = await open();
  await rig.say(inFolder('f', '/f', { runtime: 'java21' }));
  assert.match(
    String(answerOf(await call(rig, 'f', 1))),
    /Unhandled Runtime\.InvalidRuntime: The runtime java21 /,
  );
  rig.processes.ownerOf = async () => {
    throw Object.assign(new Error('ENOENT: no such file or directory'), {
      ...{ errno: -2, syscall: 'stat', code: 'ENOENT', path: '/f' },
    });
  };
  await rig.say(inFolder('f', '/f', { revision: 'r2' }));
  assert.match(String(answerOf(await call(rig, 'f', 1))), /Unhandled Runtime\.InvalidEntrypoint: .*ENOENT/);
  assert.equal(rig.processes.watching('/f'), 0);
});

test('a zip that is damaged is AWS’s error, and nothing of it stays', async () => {
  const rig = await open();
  const record = await zipped(rig, 'f', { 'index.js': '' });
  for (const hash of rig.zips.keys()) rig.zips.set(hash, Buffer.from('no zip'));
  await rig.say(record);
  await assert.rejects(call(rig, 'f', 1), { type: 'InvalidZipFileException', status: 502 });
  assert.equal(rig.processes.folders.size, 0);
});

test('a server that runs only functions at URLs, or none, says so', async () => {
  const rig = await open(echoing(), { kinds: 'urls' });
  await rig.say(inFolder('f', '/f'));
  await assert.rejects(call(rig, 'f', 1), { type: 'AccessDeniedException' });
  assert.equal(rig.processes.started, 0);
});

test('at the end all processes end, and calls under way are told that it is no fault of the function', async () => {
  const { entered, play } = gated();
  const rig = await open(play);
  await rig.say(await zipped(rig, 'f', { 'index.js': '' }));
  const under = call(rig, 'f', 1);
  await until(() => entered.length === 1);
  const ended = rig.functions[Symbol.asyncDispose]();
  await assert.rejects(under, { type: 'ServiceException' });
  await ended;
  assert.equal(rig.processes.running, 0);
  await until(() => rig.processes.folders.size === 0);
  await assert.rejects(call(rig, 'f', 2), { type: 'ServiceException' });
  await until(() => rig.processes.running === 0);
});

test('a handler of this program is called with the event and a context, and has its time', async () => {
  const rig = await open();
  const key = `${account}/${region}/here`;
  await rig.say(functionOf('here', { timeoutSeconds: 3 }));
  await assert.rejects(call(rig, 'here', 1), { type: 'ServiceException' });
  rig.attached.attach(key, async (event, context) => [
    event,
    context.functionName,
    context.getRemainingTimeInMillis(),
  ]);
  assert.deepEqual(answerOf(await call(rig, 'here', { a: 1 })), [{ a: 1 }, 'here', 3_000]);
  rig.attached.attach(key, () => undefined);
  assert.equal(answerOf(await call(rig, 'here', 1)), null);
  rig.attached.attach(key, () => {
    throw new RangeError('too far');
  });
  assert.equal(answerOf(await call(rig, 'here', 1)), 'Unhandled RangeError: too far');
  rig.attached.attach(key, () => 'x'.repeat(payloadBytesMax + 100));
  assert.match(String(answerOf(await call(rig, 'here', 1))), /Function\.ResponseSizeTooLarge/);
  rig.attached.attach(key, () => new Promise(() => {}));
  const late = call(rig, 'here', 1);
  await until(() => rig.clock.sleeping === 1);
  await rig.clock.advance(3_000);
  assert.match(String(answerOf(await late)), /Sandbox\.Timedout/);
});
