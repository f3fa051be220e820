import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSystemError, readFile } from '../../src/env/disk.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';

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
