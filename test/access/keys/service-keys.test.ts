import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysMachine, openKeys, rewrapKeys } from '../../../src/access/keys/keys.ts';
import { type RootKey, rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { ServiceKeys } from '../../../src/access/keys/service-keys.ts';
import { DamagedError, type Engine, KeyError } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { TestClock, TestRandom } from '../../log/world.ts';

const random = new TestRandom(11);
const roots = { old: random.bytes(32), fresh: random.bytes(32) };

function rootOf(...secrets: Buffer[]): RootKey {
  return rootKeyOf(secrets, random);
}

/** The keys as a start finds them. */
async function started(log: Engine, root: RootKey) {
  const keys = await openKeys(log);
  return { keys, of: new ServiceKeys({ keys, root, random }) };
}

test('the key of the services is made for the first record, once, and is never there in clear', async () => {
  const log = openMemoryLog(new TestClock());
  const { keys, of } = await started(log, rootOf(roots.old));
  assert.deepEqual([keys.state.servicesKey, keys.state.version], [undefined, 0]);
  const [one, two] = await Promise.all([of.current('dynamodb'), of.current('cloudwatch')]);
  assert.equal(keys.state.version, 1);
  assert.match(keys.state.servicesKey!, /^r1\./);
  assert.notDeepEqual(one.key.wrapped, two.key.wrapped);
  assert.equal(of.current('dynamodb'), one);
});

test('each start encrypts with another data key, and opens those of before, each for its log alone', async () => {
  const log = openMemoryLog(new TestClock());
  const before = await (await started(log, rootOf(roots.old))).of.current('dynamodb');
  const { of } = await started(log, rootOf(roots.old));
  const after = await of.current('dynamodb');
  assert.notDeepEqual(before.key.wrapped, after.key.wrapped);
  assert.ok(!before.key.payloads.equals(after.key.payloads));
  assert.ok(of.open(before.key, 'dynamodb').payloads.equals(before.key.payloads));
  assert.throws(() => of.open(before.key, 'cloudwatch'), DamagedError);
  const changed = Buffer.from(before.key.wrapped);
  changed[60]! ^= 1;
  assert.throws(() => of.open({ ...before.key, wrapped: changed }, 'dynamodb'), DamagedError);
});

test('a spent key is followed by another', async () => {
  const { of } = await started(openMemoryLog(new TestClock()), rootOf(roots.old));
  const first = await of.current('dynamodb');
  first.nonceFor(2 ** 36);
  assert.ok(first.isSpent);
  const second = await of.current('dynamodb');
  assert.ok(!second.isSpent && second !== first);
});

test('after another root key the data keys of before are opened without the old one', async () => {
  const log = openMemoryLog(new TestClock());
  const before = await (await started(log, rootOf(roots.old))).of.current('dynamodb');
  const { keys } = await started(log, rootOf(roots.fresh, roots.old));
  const edits = rewrapKeys(keys.state, rootOf(roots.fresh, roots.old));
  assert.deepEqual(
    edits.map(({ kind }) => kind),
    ['services-key-wrapped'],
  );
  await keys.rewrite(() => edits);
  assert.deepEqual(rewrapKeys(keys.state, rootOf(roots.fresh, roots.old)), []);
  const fresh = await started(log, rootOf(roots.fresh));
  assert.ok(fresh.of.open(before.key, 'dynamodb').payloads.equals(before.key.payloads));
  const old = await started(log, rootOf(roots.old));
  assert.throws(() => old.of.open(before.key, 'dynamodb'), KeyError);
  assert.throws(() => rewrapKeys(old.keys.state, rootOf(roots.old)), KeyError);
});

test('a snapshot of the keys has the key of the services', async () => {
  const log = openMemoryLog(new TestClock());
  const { keys, of } = await started(log, rootOf(roots.old));
  await of.current('dynamodb');
  const draft = keysMachine.draft(keysMachine.empty);
  for (const edit of keysMachine.snapshot(keys.state)) draft.apply(edit, 0);
  assert.deepEqual(draft.finish(keys.state.version), keys.state);
});

test('without the key of the services nothing is opened', async () => {
  const { of } = await started(openMemoryLog(new TestClock()), rootOf(roots.old));
  const { key } = await of.current('dynamodb');
  const lost = await started(openMemoryLog(new TestClock()), rootOf(roots.old));
  assert.throws(() => lost.of.open(key, 'dynamodb'), {
    name: 'DamagedError',
    message: /has no key of the services/,
  });
});
