import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeS3, s3Credentials } from '../../harness/objects/fake-s3.ts';
import { requireConditionalWrites } from '../../src/objects/conditional-writes.ts';
import { openObjectStore } from '../../src/objects/open-object-store.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from './hurried-clock.ts';

function world(url: string) {
  const clock = hurriedClock();
  const random = new TestRandom(1);
  const s3 = new FakeS3(() => clock.now());
  const disk = new FakeDisk();
  const parts = { clock, random, client: s3, diskAt: () => disk };
  const store = openObjectStore(parts, { url, region: 'us-east-1', credentials: s3Credentials });
  return { s3, disk, parts: { store, random } };
}

test('a store that keeps conditional writes is taken, and has nothing left of the probe', async () => {
  const { s3, parts } = world('http://s3.test');
  const { objects } = s3.buckets.create('tables');
  // An answer that is lost makes no second winner.
  let isFirst = true;
  s3.fate = ({ method }) => {
    const fate = method === 'PUT' && isFirst ? 'lost' : undefined;
    isFirst = false;
    return fate;
  };
  await requireConditionalWrites(parts, 'tables', 'warehouse/');
  assert.equal(objects.size, 0);
  assert.ok(s3.calls.every(({ key }) => key.startsWith('warehouse/')));
  const { disk, parts: directory } = world('file:///objects');
  await disk.createDirectory('tables');
  await requireConditionalWrites(directory, 'tables', '');
});

test('a store in which two win is refused, whether it looks too early or not at all', async () => {
  for (const conditions of ['racy', 'ignored'] as const) {
    const { s3, parts } = world('http://s3.test');
    const { objects } = s3.buckets.create('tables');
    s3.conditions = conditions;
    await assert.rejects(requireConditionalWrites(parts, 'tables', ''), {
      code: 'ConditionsBroken',
      passes: false,
      message: /^the store of bucket tables does not keep conditional writes: of 8 .* 8 were told/,
    });
    assert.equal(objects.size, 0);
  }
});

test('a store that refuses the probe says why', async () => {
  const { parts } = world('http://s3.test');
  await assert.rejects(requireConditionalWrites(parts, 'gone', ''), { code: 'NoSuchBucket' });
});
