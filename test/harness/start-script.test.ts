import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeStart, nodeStartOf } from '../../harness/start-script.ts';

test('npm start names its flags for Node and its variables', () => {
  assert.ok(nodeStart.flags.includes('--expose-gc'));
  assert.deepEqual(Object.keys(nodeStart.env), ['MALLOC_MMAP_THRESHOLD_', 'MALLOC_TRIM_THRESHOLD_']);
});

test('the installed command starts Node as npm start does', () => {
  const [shebang] = readFileSync('src/cli/main.ts', 'utf8').split('\n');
  assert.match(shebang!, /^#!\/usr\/bin\/env -S .* node /);
  assert.deepEqual(nodeStartOf(shebang!.replace('#!/usr/bin/env -S ', '')), nodeStart);
});
