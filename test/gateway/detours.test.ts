import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Detours } from '../../src/gateway/detours.ts';
import { SealedError, UnavailableError } from '../../src/log/log.ts';

// Whether appends ask the owner of a shard, as its answers come, fail, or take long.

/** Appends to a shard whose owner answers when the test says so. */
function start() {
  let now = 0;
  const detours = new Detours({ monotonic: () => now });
  const append = (shard = 'orders/0') => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const watched = detours.watch(shard, promise);
    watched.catch(() => {});
    return {
      async end(error?: Error) {
        if (error === undefined) resolve();
        else reject(error);
        await watched.catch(() => {});
      },
    };
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { append, pass, isNeeded: (shard = 'orders/0') => detours.isNeeded(shard) };
}

const gone = new UnavailableError('The leader does not answer.');

test('an owner that answers is asked', async () => {
  const { append, pass, isNeeded } = start();
  assert.equal(isNeeded(), false);
  const appended = append();
  pass(900);
  assert.equal(isNeeded(), false);
  await appended.end();
  pass(10_000);
  assert.equal(isNeeded(), false);
});

test('while an append has waited for a second, those after it do not ask the owner', async () => {
  const { append, pass, isNeeded } = start();
  const appended = append();
  pass(1_000);
  assert.equal(isNeeded(), true);
  assert.equal(isNeeded('orders/1'), false);
  await appended.end();
  assert.equal(isNeeded(), false);
});

test('an owner that does not get through is not asked for five seconds, then by one append at a time', async () => {
  const { append, pass, isNeeded } = start();
  await append().end(gone);
  assert.equal(isNeeded(), true);
  pass(5_000);
  assert.equal(isNeeded(), false);
  const second = append();
  assert.equal(isNeeded(), true);
  await second.end(gone);
  pass(4_999);
  assert.equal(isNeeded(), true);
  pass(1);
  const third = append();
  assert.equal(isNeeded(), true);
  await third.end();
  assert.equal(isNeeded(), false);
});

test('what an owner refuses says nothing about the way to it', async () => {
  const { append, isNeeded } = start();
  await append().end(new SealedError('The shard is closed.'));
  assert.equal(isNeeded(), false);
});
