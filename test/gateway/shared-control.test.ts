import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Env } from '../../src/env/env.ts';
import { openControl, shareControl } from '../../src/gateway/control.ts';
import type { Engine } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { openSecrets } from '../../src/server/secrets.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const never = new AbortController().signal;

/** A gateway on an engine that others have as well. */
async function gatewayOn(engine: Engine, writer: string) {
  const own = alteredEngine(engine, { writer });
  const control = await openControl(own);
  const clock = new ManualClock();
  const panic: Env['panic'] = (reason) => assert.fail(reason);
  const shared = shareControl(control, own, { clock, panic })!;
  return { control, shared, [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose]() };
}

test('what one gateway has committed is true at another once it asks, and soon without asking', async () => {
  const engine = openMemoryLog(new ManualClock());
  await using one = await gatewayOn(engine, 'one');
  await using other = await gatewayOn(engine, 'other');
  const account = { kind: 'account-changed', key: '1/r', account: { committedAt: 1 } } as const;
  const changed = other.control.keys.changed(never);
  await one.control.catalog.commit(() => [account]);
  await one.control.keys.commit(() => [{ kind: 'services-key-wrapped', wrapped: 'w' }]);
  await other.shared.current();
  assert.deepEqual(other.control.catalog.state, one.control.catalog.state);
  await changed;
  assert.equal(other.control.keys.state.servicesKey, 'w');
});

test('gateways that begin at the same time have the same secrets', async () => {
  const engine = openMemoryLog(new ManualClock());
  const gateways = await Promise.all(['a', 'b', 'c'].map((writer) => gatewayOn(engine, writer)));
  process.env['TEST_ROOT_KEY'] = 'ab'.repeat(32);
  const where = { memory: true, data: '', engine: 'memory' as const, cluster: 'test' };
  const options = { ...where, rootKey: 'env:TEST_ROOT_KEY' };
  await Promise.all(
    gateways.map(({ control }, seed) =>
      openSecrets(control, options, { random: new TestRandom(seed), disk: new FakeDisk() }),
    ),
  );
  for (const { shared } of gateways) await shared.current();
  const [first, ...others] = gateways.map(({ control }) => control);
  const { catalog, identity, keys } = first!;
  assert.match(catalog.state.secret, /./);
  assert.match(identity.state.sessionSecret, /./);
  for (const other of others) {
    const states = [other.catalog.state, other.identity.state, other.keys.state];
    assert.deepEqual(states, [catalog.state, identity.state, keys.state]);
  }
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
});

test('one that is alone shares nothing', async () => {
  const engine = openMemoryLog(new ManualClock());
  const control = await openControl(engine);
  const panic: Env['panic'] = (reason) => assert.fail(reason);
  assert.equal(shareControl(control, engine, { clock: new ManualClock(), panic }), undefined);
});
