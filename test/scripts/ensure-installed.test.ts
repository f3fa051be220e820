import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../server/process.ts';

/**
 * Runs the script in a tree whose `node_modules` leads to another folder, older than the lockfile. Answers
 * what is left there.
 */
function inLinkedTree(holds: string) {
  using directory = temporaryDirectory();
  const shared = join(directory.path, 'shared');
  const tree = join(directory.path, 'tree');
  mkdirSync(join(shared, holds), { recursive: true });
  mkdirSync(join(tree, 'scripts'), { recursive: true });
  cpSync('scripts/ensure-installed.mjs', join(tree, 'scripts/ensure-installed.mjs'));
  writeFileSync(join(tree, 'package.json'), '{"name":"tree","version":"1.0.0"}');
  const lock = { name: 'tree', version: '1.0.0', lockfileVersion: 3, packages: {} };
  writeFileSync(join(tree, 'package-lock.json'), JSON.stringify(lock));
  symlinkSync(shared, join(tree, 'node_modules'));
  const script = join(tree, 'scripts/ensure-installed.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  return { status, stderr, left: readdirSync(shared) };
}

test('what a linked node_modules leads to is left as it is', () => {
  assert.deepEqual(inLinkedTree('node/bin'), { status: 0, stderr: '', left: ['node'] });
});

test('a linked node_modules without the packages is said so, and left as it is', () => {
  const { status, stderr, left } = inLinkedTree('other');
  assert.equal(status, 1);
  assert.match(stderr, /^millrace: \S+node_modules is a link to a folder without the packages; .*\n$/);
  assert.deepEqual(left, ['other']);
});
