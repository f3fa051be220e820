import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/env/logger.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { tooManyRequests } from '../../../src/services/lambda/errors.ts';
import { EventQueue } from '../../../src/services/lambda/functions/event-queue.ts';
import type { Functions } from '../../../src/services/lambda/functions/functions.ts';
import {
  type AsynchronousSettings,
  type FunctionRecord,
  functionKeyOf,
} from '../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../src/services/lambda/state/open-lambda-journal.ts';
import { ManualClock, settled } from '../kinesis/manual-clock.ts';
import { functionOf } from './state/lambda-records.ts';

const target = { account: '000000000000', region: 'eu-central-1', name: 'f' };

/** A queue of a function that answers each call as it is told: it fails, it is refused, or it is done. */
async function queueOf(answers: ('fails' | 'refused' | 'done')[], settings?: Partial<AsynchronousSettings>) {
  const clock = new ManualClock();
  const calls: number[] = [];
  const functions: Functions = {
    async invoke() {
      calls.push(Math.round(clock.now() / 1000));
      const answer = answers[calls.length - 1] ?? 'done';
      if (answer === 'refused') throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
      const outcome = { requestId: 'id', executedVersion: '$LATEST', payload: Buffer.from('{}') };
      const functionError = answer === 'fails' ? ('Unhandled' as const) : undefined;
      return { ...outcome, functionError, logTail: Buffer.alloc(0), took: 1 };
    },
  };
  const journal = await journalWith(settings && { $LATEST: { modifiedAt: 0, ...settings } });
  const queue = new EventQueue({ clock, logger: silentLogger, functions, journal });
  const start = Math.round(clock.now() / 1000);
  queue.push({ target, payload: Buffer.from('{}') });
  await settled();
  return { queue, clock, after: () => calls.map((at) => at - start) };
}

async function journalWith(asynchronous: FunctionRecord['asynchronous']) {
  const journal = await openLambdaJournal(openMemoryLog(new ManualClock()));
  const value = functionOf('f', { asynchronous });
  await journal.commit(() => [{ kind: 'said', of: 'function', key: functionKeyOf(value), value }]);
  return journal;
}

const minutes = (clock: ManualClock, count: number) => clock.advance(count * 60_000);

test('an event whose function fails is tried twice more, a minute and two minutes later', async () => {
  const { queue, clock, after } = await queueOf(['fails', 'fails', 'fails', 'fails']);
  using _ = queue;
  await minutes(clock, 10);
  assert.deepEqual(after(), [0, 60, 180]);
});

test('a function may say how often, and for how long', async () => {
  const once = await queueOf(['fails', 'fails'], { retries: 0 });
  await minutes(once.clock, 5);
  assert.deepEqual(once.after(), [0]);
  const short = await queueOf(['fails', 'fails', 'fails'], { maximumAgeSeconds: 90 });
  await minutes(short.clock, 5);
  assert.deepEqual(short.after(), [0, 60]);
  once.queue[Symbol.dispose]();
  short.queue[Symbol.dispose]();
});

test('what a function has no room for is no failure of it', async () => {
  const { queue, clock, after } = await queueOf(['refused', 'refused', 'refused', 'done'], { retries: 0 });
  using _ = queue;
  await minutes(clock, 3);
  assert.equal(after().length, 4);
});

test('after its end a queue tries nothing again', async () => {
  const { queue, clock, after } = await queueOf(['fails']);
  queue[Symbol.dispose]();
  await minutes(clock, 5);
  assert.deepEqual(after(), [0]);
});
