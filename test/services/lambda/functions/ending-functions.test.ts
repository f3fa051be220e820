import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndingFunctions } from '../../../../src/services/lambda/functions/ending-functions.ts';
import type { InvokeOutcome } from '../../../../src/services/lambda/functions/functions.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';

const target = { account: '000000000000', region: 'us-east-1', name: 'slow' };
const outcome: InvokeOutcome = {
  ...{ requestId: 'a', executedVersion: '$LATEST', took: 1 },
  ...{ payload: Buffer.from('1'), logTail: Buffer.alloc(0) },
};

/** Functions that answer when they are told to. */
function slow(clock: ManualClock) {
  const { promise, resolve } = Promise.withResolvers<InvokeOutcome>();
  const functions = new EndingFunctions({ invoke: () => promise }, clock);
  return { functions, answer: () => resolve(outcome) };
}

test('calls under way end in peace, and no other is begun', async () => {
  const clock = new ManualClock();
  const { functions, answer } = slow(clock);
  const call = functions.invoke(target, Buffer.alloc(0), {});
  let isEnded = false;
  const ending = functions[Symbol.asyncDispose]().then(() => {
    isEnded = true;
  });
  await clock.advance(1_000);
  assert.equal(isEnded, false);
  await assert.rejects(functions.invoke(target, Buffer.alloc(0), {}), { name: 'ServiceException' });
  answer();
  assert.equal(await call, outcome);
  await ending;
});

test('a call that takes too long does not keep the server from ending', async () => {
  const clock = new ManualClock();
  const { functions } = slow(clock);
  functions.invoke(target, Buffer.alloc(0), {}).catch(() => {});
  const ending = functions[Symbol.asyncDispose]();
  await clock.advance(5_000);
  await ending;
});
