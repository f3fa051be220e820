import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { DirectoryStore } from '../../src/objects/directory/directory-store.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from './hurried-clock.ts';
import { objectStoreContract } from './object-store-contract.ts';

const buckets = { things: 'things', others: 'others' };

objectStoreContract('a directory of the machine', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-objects-'));
  const disk = nodeDisk(directory);
  await disk.createDirectory('things');
  await disk.createDirectory('others');
  return {
    store: new DirectoryStore({ clock: nodeClock, random: nodeRandom(), disk }, 4),
    ...buckets,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
});

objectStoreContract('a directory in memory', async () => {
  const disk = await diskWithBuckets();
  return { store: storeOn(disk), ...buckets, [Symbol.asyncDispose]: async () => {} };
});

async function diskWithBuckets(): Promise<FakeDisk> {
  const disk = new FakeDisk();
  disk.isHasty = true;
  await disk.createDirectory('things');
  await disk.createDirectory('others');
  return disk;
}

function storeOn(disk: FakeDisk, seed = 1, hoursLater = 0): DirectoryStore {
  const clock = hurriedClock();
  const later = { ...clock, now: () => clock.now() + hoursLater * 3_600_000 };
  return new DirectoryStore({ clock: later, random: new TestRandom(seed), disk }, 4);
}

const place = { bucket: 'things', key: 'a/b' };
const old = Buffer.from('old');
const young = Buffer.from('young, and longer');

test('a power cut at any call leaves the old object or the new one, and the new one once it was answered', async () => {
  const ways = [{}, { ifNone: true }, { ifMatch: '"149603e6c03516362a8da23f624db945"' }];
  for (const how of ways) {
    for (const survival of ['nothing', 'everything', 1, 2] as const) {
      for (let at = 0, isOver = false; !isOver; at++) {
        const disk = await diskWithBuckets();
        if (how.ifNone !== true) await storeOn(disk).put(place, [old]);
        const calls = disk.calls;
        disk.fate = ({ index }) => (index === calls + at ? 'crash' : undefined);
        const answered = storeOn(disk).put(place, [young], how);
        isOver = (await Promise.race([answered, disk.crashed])) !== undefined;
        await checkAfter(disk.cutPower(survival), isOver, how.ifNone === true ? undefined : 'old');
      }
    }
  }
});

async function checkAfter(disk: FakeDisk, isAnswered: boolean, before: string | undefined): Promise<void> {
  const store = storeOn(disk);
  const found = await store.get(place);
  const text = found && String(found.body);
  assert.ok(text === String(young) || (!isAnswered && text === before), `found ${text}`);
  const { objects } = await store.list('things', { prefix: '' });
  const keys = objects.map(({ key }) => key);
  assert.deepEqual(keys, found === undefined ? [] : ['a/b']);
  // What was left unfinished goes after a while.
  await storeOn(disk, 2).put(place, [old]);
  await storeOn(disk, 3, 2).put({ ...place, key: 'another' }, [old]);
  assert.deepEqual(
    (await disk.list('things/.unfinished')).filter((name) => name !== 'lock'),
    [],
  );
}

/** More than an attempt has. */
const callsMax = 12;

test('a disk that fails at any call for once is asked again, and conditions then still hold', async () => {
  for (const how of [{}, { ifNone: true }, { ifMatch: '"149603e6c03516362a8da23f624db945"' }]) {
    for (const error of ['EIO', 'ENOSPC']) {
      for (let at = 0; at < callsMax; at++) {
        const disk = await diskWithBuckets();
        if (how.ifNone !== true) await storeOn(disk).put(place, [old]);
        const calls = disk.calls;
        disk.fate = ({ index, kind, path }) => {
          // This disk does not sync a folder that was made by a call that failed; that of the machine does.
          if (index !== calls + at || (kind === 'create' && !path.includes('-'))) return undefined;
          return error;
        };
        await storeOn(disk).put(place, [young], how);
        const after = disk.cutPower('nothing');
        assert.equal(String((await storeOn(after).get(place))!.body), String(young));
        assert.equal(disk.openFiles, 0);
        await assert.rejects(storeOn(after).put(place, [old], { ifNone: true }), {
          code: 'PreconditionFailed',
        });
      }
    }
  }
});

test('a disk that goes on failing is given up after four tries, and what passes is told from what does not', async () => {
  const disk = await diskWithBuckets();
  let syncs = 0;
  disk.fate = ({ kind }) => (kind === 'sync' && ++syncs > 0 ? 'EIO' : undefined);
  await assert.rejects(storeOn(disk).put(place, [young]), { code: 'InternalError', passes: true });
  assert.equal(syncs, 4);
  disk.fate = ({ kind }) => (kind === 'create' && ++syncs > 0 ? 'EACCES' : undefined);
  await assert.rejects(storeOn(disk).put(place, [young]), { code: 'AccessDenied', passes: false });
  assert.equal(syncs, 5);
});

test('of processes that replace an object at once one does, and one that was told so may go on', async () => {
  const disk = await diskWithBuckets();
  disk.isHasty = false;
  const { etag } = await storeOn(disk).put(place, [old]);
  const stores = Array.from({ length: 4 }, (_, nth) => storeOn(disk.otherProcess(), nth + 2));
  for (const [key, how] of [['a/b', { ifMatch: etag }] as const, ['c', { ifNone: true }] as const]) {
    const putting = stores.map((store, nth) => store.put({ ...place, key }, [Buffer.from([nth])], how));
    const outcomes = await Promise.allSettled(putting);
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    const codes = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason.code : undefined,
    );
    assert.deepEqual(new Set(codes), new Set([undefined, 'PreconditionFailed']));
  }
});

test('an object is a file of its name in a bucket that may be a link, and cannot be a folder too', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-objects-'));
  try {
    await mkdir(join(directory, 'elsewhere'));
    await symlink('elsewhere', join(directory, 'things'));
    const store = new DirectoryStore(
      { clock: nodeClock, random: nodeRandom(), disk: nodeDisk(directory) },
      4,
    );
    await store.put({ bucket: 'things', key: 'flights/day=2026-11-29/a.csv' }, [old]);
    const file = join(directory, 'elsewhere/flights/day=2026-11-29/a.csv');
    assert.equal(await readFile(file, 'utf8'), 'old');
    const wrong = { code: 'InvalidArgument', passes: false };
    await assert.rejects(store.put({ bucket: 'things', key: 'flights' }, [old]), wrong);
    await assert.rejects(
      store.put({ bucket: 'things', key: 'flights/day=2026-11-29/a.csv/b' }, [old]),
      wrong,
    );
    assert.equal(await store.get({ bucket: 'things', key: 'flights' }), undefined);
    assert.equal(await store.head({ bucket: 'things', key: 'flights/day=2026-11-29/a.csv/b' }), undefined);
    const long = 'n'.repeat(256);
    await assert.rejects(store.put({ bucket: 'things', key: long }, [old]), { code: 'KeyTooLongError' });
  } finally {
    await rm(directory, { recursive: true });
  }
});
