import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { World } from '../../sim/world.ts';
import { type Disk, isSystemError, readFile } from '../../src/env/disk.ts';

/** Runs `use` on the disk of a new process. */
function on<T>(world: World, use: (disk: Disk) => Promise<T>): Promise<T> {
  return world.scheduler.run(use(world.boot().env.disk));
}

/** Cuts the power of a machine whose process is `use` so far, and shows the disk that is left. */
async function afterCut<T>(
  world: World,
  use: (disk: Disk) => Promise<unknown>,
  look: (disk: Disk) => Promise<T>,
) {
  const { process, env } = world.boot();
  await world.scheduler.run(use(env.disk));
  world.cutPower(process);
  return on(world, look);
}

async function create(disk: Disk, path: string, text = ''): Promise<void> {
  const file = await disk.open(path, 'create');
  await file.write([Buffer.from(text)], 0);
  await file.sync();
  await file.close();
}

const text = async (disk: Disk, path: string) => String(await readFile(disk, path));

suite('the disk while the machine runs', () => {
  test('a file reads as it was written, and short only at its end', async () => {
    await on(new World(1), async (disk) => {
      await create(disk, 'file', 'hello');
      const file = await disk.open('file', 'read');
      const into = Buffer.alloc(10);
      assert.equal(await file.read(into, 1), 4);
      assert.equal(String(into.subarray(0, 4)), 'ello');
      assert.equal(await file.read(into.subarray(0, 2), 0), 2);
      assert.equal(await file.read(into, 99), 0);
    });
  });

  test('a hole and what a truncation gave back read as zeros', async () => {
    await on(new World(1), async (disk) => {
      const file = await disk.open('file', 'create');
      await file.write([Buffer.from('abc'), Buffer.from('def')], 2);
      await file.truncate(4);
      await file.truncate(6);
      assert.equal(await text(disk, 'file'), '\0\0ab\0\0');
    });
  });

  const refusals: [string, string, (disk: Disk) => Promise<unknown>][] = [
    ['opening what is not there', 'ENOENT', (disk) => disk.open('none', 'read')],
    ['creating in no directory', 'ENOENT', (disk) => disk.open('none/file', 'create')],
    ['creating what is there', 'EEXIST', (disk) => disk.open('file', 'create')],
    ['listing what is not there', 'ENOENT', (disk) => disk.list('none')],
    ['listing a file', 'ENOTDIR', (disk) => disk.list('file')],
    ['removing what is not there', 'ENOENT', (disk) => disk.remove('none')],
    ['removing a directory as a file', 'EISDIR', (disk) => disk.remove('full')],
    ['removing a directory that is not empty', 'ENOTEMPTY', (disk) => disk.removeDirectory('full')],
    ['renaming what is not there', 'ENOENT', (disk) => disk.rename('none', 'other')],
    [
      'writing to a file opened to read',
      'EBADF',
      async (disk) => (await disk.open('file', 'read')).write([Buffer.of(1)], 0),
    ],
    [
      'using a closed file',
      'EBADF',
      async (disk) => {
        const file = await disk.open('file', 'write');
        await file.close();
        return file.sync();
      },
    ],
  ];
  for (const [what, code, act] of refusals) {
    test(`${what} fails with ${code}`, async () => {
      await on(new World(1), async (disk) => {
        await create(disk, 'file');
        await disk.createDirectory('full/inner');
        await assert.rejects(act(disk), (error) => isSystemError(error, code));
      });
    });
  }

  test('a lock has one holder, and ends with the process', async () => {
    const world = new World(1);
    const first = world.boot();
    const second = world.boot();
    const run = world.scheduler.run.bind(world.scheduler);
    const held = await run(first.env.disk.lock('lock'));
    assert.ok(held);
    assert.equal(await run(second.env.disk.lock('lock')), undefined);
    await run(held.release());
    assert.ok(await run(second.env.disk.lock('lock')));
    world.kill(second.process);
    assert.ok(await run(first.env.disk.lock('lock')));
  });
});

suite('the disk after a power cut', () => {
  test('what was synced, in a directory that was synced, is there', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const put = async (disk: Disk) => {
        await create(disk, 'file', 'hello');
        await disk.syncDirectory('.');
      };
      assert.equal(await afterCut(new World(seed), put, (disk) => text(disk, 'file')), 'hello');
    }
  });

  test('a name that was not synced may be there or not, whatever its file was', async () => {
    const counts = await outcomes(
      (disk) => create(disk, 'file', 'hello'),
      async (disk) => String(await disk.list('.')),
    );
    assert.deepEqual([...counts.keys()].sort(), ['', 'file']);
  });

  test('a rename that was not synced shows the old name or the new one, never both or none', async () => {
    const act = async (disk: Disk) => {
      await create(disk, 'old', 'hello');
      await disk.syncDirectory('.');
      await disk.rename('old', 'new');
    };
    const counts = await outcomes(act, async (disk) => String(await disk.list('.')));
    assert.deepEqual([...counts.keys()].sort(), ['new', 'old']);
  });

  test('a removal that was not synced may be undone', async () => {
    const act = async (disk: Disk) => {
      await create(disk, 'file', 'hello');
      await disk.syncDirectory('.');
      await disk.remove('file');
    };
    const counts = await outcomes(act, async (disk) => String(await disk.list('.')));
    assert.deepEqual([...counts.keys()].sort(), ['', 'file']);
  });

  test('a write that was not synced is torn at sectors, and the size is apart from the content', async () => {
    const act = async (disk: Disk) => {
      await create(disk, 'file', 'a'.repeat(1024));
      await disk.syncDirectory('.');
      const file = await disk.open('file', 'write');
      await file.write([Buffer.from('b'.repeat(2048))], 0);
    };
    const counts = await outcomes(act, async (disk) => {
      const found = await text(disk, 'file');
      assert.match(found, /^(a{512}|b{512}){2}((\0|b){512}){0,2}|(\0|b){0,1024}$/);
      return found.replace(/(.)\1{511}/gs, '$1');
    });
    for (const state of ['aa', 'ab', 'ba', 'bbbb']) assert.ok(counts.has(state), `${[...counts.keys()]}`);
    assert.ok(
      [...counts.keys()].some((state) => state.includes('\0')),
      'no grown file without its content',
    );
  });

  test('bytes of a write that a sync began before are not promised by it', async () => {
    const act = async (disk: Disk) => {
      await create(disk, 'file');
      await disk.syncDirectory('.');
      const file = await disk.open('file', 'write');
      await Promise.all([file.sync(), file.write([Buffer.from('x')], 0)]);
    };
    const counts = await outcomes(act, (disk) => text(disk, 'file'));
    assert.ok(counts.has(''), `${[...counts.keys()]}`);
  });

  async function outcomes(act: (disk: Disk) => Promise<unknown>, look: (disk: Disk) => Promise<string>) {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 150; seed++) {
      const found = await afterCut(new World(seed), act, look);
      counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    return counts;
  }
});

suite('a disk that fails', () => {
  test('the call that was chosen fails, and no other', async () => {
    const world = new World(1);
    world.breakDisk(({ kind, index }) => (kind === 'list' && index === 1 ? 'EIO' : undefined));
    await on(world, async (disk) => {
      await disk.list('.');
      await assert.rejects(disk.list('.'), (error) => isSystemError(error, 'EIO'));
      await disk.list('.');
    });
  });

  test('a full disk takes what fits, says ENOSPC, and has room again after a truncation', async () => {
    const world = new World(1);
    await on(world, async (disk) => {
      const file = await disk.open('file', 'create');
      world.fillDisk(100);
      await assert.rejects(file.write([Buffer.alloc(150)], 0), (error) => isSystemError(error, 'ENOSPC'));
      assert.equal(await file.size(), 100);
      await file.truncate(10);
      await file.write([Buffer.alloc(80)], 10);
      assert.equal(await file.size(), 90);
    });
  });

  test('after a failed sync a later sync proves nothing', async () => {
    const lost = [];
    for (let seed = 0; seed < 60; seed++) {
      const world = new World(seed);
      const { process, env } = world.boot();
      const act = async (disk: Disk) => {
        await create(disk, 'file');
        await disk.syncDirectory('.');
        const file = await disk.open('file', 'write');
        await file.write([Buffer.from('x')], 0);
        world.breakDisk(({ kind }) => (kind === 'sync' ? 'EIO' : undefined));
        await assert.rejects(file.sync());
        world.heal();
        await file.sync();
      };
      await world.scheduler.run(act(env.disk));
      world.cutPower(process);
      if ((await on(world, (disk) => text(disk, 'file'))) !== 'x') lost.push(seed);
    }
    assert.ok(lost.length > 0 && lost.length < 60, `${lost.length} of 60`);
  });
});
