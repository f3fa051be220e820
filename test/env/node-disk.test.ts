import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { failureLine } from '../../src/cli/failure.ts';
import { isSystemError, readFile } from '../../src/env/disk.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { defaultOptions } from '../../src/server/options.ts';

const onWindows = process.platform === 'win32' ? 'Windows has no modes and owners of files' : false;

function scratch(t: { after(work: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-disk-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('a directory is made with its parents, the root among them, and may be there already', async (t) => {
  const disk = nodeDisk(join(scratch(t), 'not', 'there'));
  for (let round = 0; round < 2; round++) {
    await disk.createDirectory('.');
    await disk.createDirectory('a/b/c');
    assert.deepEqual(await disk.list('a/b'), ['c']);
  }
});

test('what is written in pieces is read as one, and a read past the end comes back short', async (t) => {
  const disk = nodeDisk(scratch(t));
  const file = await disk.open('file', 'create');
  await file.write([Buffer.from('one '), Buffer.alloc(0), Buffer.from('two')], 0);
  await file.write([Buffer.from('TWO!')], 4);
  await file.sync();
  assert.equal(await file.size(), 8);
  const into = Buffer.alloc(20);
  assert.equal(await file.read(into, 4), 4);
  assert.equal(into.toString('latin1', 0, 4), 'TWO!');
  await file.truncate(3);
  await file.close();
  assert.equal(String(await readFile(disk, 'file')), 'one');
});

test('a file is not made twice, and one that is missing is said to be', async (t) => {
  const disk = nodeDisk(scratch(t));
  await (await disk.open('file', 'create')).close();
  await assert.rejects(disk.open('file', 'create'), (error) => isSystemError(error, 'EEXIST'));
  await assert.rejects(disk.open('other', 'read'), (error) => isSystemError(error, 'ENOENT'));
});

test('a lock has one holder at a time', async (t) => {
  const directory = scratch(t);
  const lock = await nodeDisk(directory).lock('lock');
  assert.ok(lock !== undefined);
  assert.equal(await nodeDisk(directory).lock('lock'), undefined);
  await lock.release();
  const next = await nodeDisk(directory).lock('lock');
  assert.ok(next !== undefined);
  await next.release();
});

test('a lock that was taken away is not held any more, whether its place is empty or taken', async (t) => {
  const directory = scratch(t);
  const first = await nodeDisk(directory).lock('lock');
  assert.deepEqual([first!.isNew, await first!.isHeld()], [true, true]);
  rmSync(join(directory, 'lock'));
  assert.equal(await first!.isHeld(), false);
  const second = await nodeDisk(directory).lock('lock');
  assert.deepEqual([second!.isNew, await second!.isHeld()], [true, true]);
  assert.equal(await first!.isHeld(), false);
  await first!.release();
  await second!.release();
  const third = await nodeDisk(directory).lock('lock');
  assert.equal(third!.isNew, false);
  await third!.release();
});

test('a lock file is for its owner alone, also one that was not', { skip: onWindows }, async (t) => {
  const directory = scratch(t);
  const path = join(directory, 'lock');
  const before = process.umask(0);
  const lock = await nodeDisk(directory)
    .lock('lock')
    .finally(() => process.umask(before));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await lock!.release();
  chmodSync(path, 0o644);
  await (await nodeDisk(directory).lock('lock'))!.release();
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a lock file with something else in it is named', async (t) => {
  const directory = scratch(t);
  const path = join(directory, 'lock');
  writeFileSync(path, 'garbage '.repeat(100));
  await assert.rejects(nodeDisk(directory).lock('lock'), {
    message: `${path} cannot be locked: it is not a lock file; remove it`,
  });
  rmSync(path);
  mkdirSync(path);
  await assert.rejects(nodeDisk(directory).lock('lock'), {
    message: `${path} cannot be locked: it is not a file`,
  });
});

test('a file gets a new name only where nothing has it', async (t) => {
  const disk = nodeDisk(scratch(t));
  for (const name of ['one', 'two']) {
    const file = await disk.open(name, 'create');
    await file.write([Buffer.from(name)], 0);
    await file.close();
  }
  await assert.rejects(disk.renameToNew('one', 'two'), { code: 'EEXIST' });
  assert.equal(String(await readFile(disk, 'two')), 'two');
  await disk.renameToNew('one', 'three');
  assert.deepEqual(await disk.list('.'), ['three', 'two']);
});

test('a directory that others may enter is known as one', { skip: onWindows }, async (t) => {
  const directory = scratch(t);
  const modes = [0o700, 0o750, 0o701, 0o755].map(async (mode) => {
    mkdirSync(join(directory, String(mode)));
    chmodSync(join(directory, String(mode)), mode);
    return nodeDisk(directory).isOpenToOthers(String(mode));
  });
  assert.deepEqual(await Promise.all(modes), [false, true, true, true]);
});

test('a directory where none can be made is refused, also in /proc', {
  skip: process.platform === 'linux' ? false : 'there is no /proc',
}, async () => {
  const places = ['/proc/x', '/proc/x/y', '/sys/x', '/dev/null', '/dev/null/x'];
  for (const place of places) {
    await assert.rejects(nodeDisk(place).createDirectory('.'), (error) => {
      const line = failureLine(error, { ...defaultOptions, data: place });
      assert.match(
        line,
        /^cannot use the data directory \S+: (it is not|a directory cannot|perm|the file).*\(\/.*\)/,
      );
      return true;
    });
  }
});

test('a parent that may not be read is no reason to refuse a directory that is there already', {
  skip: onWindows,
}, async (t) => {
  const parent = scratch(t);
  mkdirSync(join(parent, 'data'), { mode: 0o700 });
  const program = `await nodeDisk('${join(parent, 'data')}').createDirectory('streams'); console.log('made')`;
  // A user other than root makes the directory unreadable to itself; root becomes another user.
  if (process.getuid!() === 0) chownSync(join(parent, 'data'), nobody, nobody);
  chmodSync(parent, process.getuid!() === 0 ? 0o711 : 0o111);
  const { stdout, stderr } = asNobody(program);
  chmodSync(parent, 0o700);
  assert.equal(stdout, 'made\n', stderr);
});

test('a directory of another user is named with its owner, and with the user that asks', {
  skip: process.getuid?.() === 0 ? false : 'only root can make what is of another user',
}, async (t) => {
  const directory = scratch(t);
  const data = join(directory, 'data');
  mkdirSync(data, { mode: 0o700 });
  chmodSync(directory, 0o711);
  const refused = (what: string) =>
    asNobody(`await ${what}.catch((error) => console.log(failureLine(error, { data: '${data}' })))`).stdout;
  assert.equal(
    refused(`nodeDisk('${data}').lock('lock')`),
    `cannot use the data directory ${data}: permission denied (${data}/lock): ${data} is of user 0, and this is user ${nobody}\n`,
  );
  chmodSync(data, 0o777);
  await (await nodeDisk(data).lock('lock'))!.release();
  assert.equal(
    refused(`nodeDisk('${data}').lock('lock')`),
    `cannot use the data directory ${data}: permission denied (${data}/lock): ${data}/lock is of user 0, and this is user ${nobody}\n`,
  );
});

/** The user id that owns nothing, by convention. */
const nobody = 65_534;

/** Runs a program as another user, if this one may choose. */
function asNobody(program: string) {
  const from = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;
  const source = `
    import { nodeDisk } from '${from('env/node-disk.ts')}';
    import { failureLine } from '${from('cli/failure.ts')}';
    if (process.getuid() === 0) {
      process.setgroups([]);
      process.setgid(${nobody});
      process.setuid(${nobody});
    }
    ${program}`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' });
}
