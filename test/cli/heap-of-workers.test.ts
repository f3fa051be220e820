import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heapOfWorkers } from '../../src/cli/program.ts';

const flags = ['--expose-gc', '--initial-old-space-size=128'];

test('all threads together let lie about as much garbage as a server with one thread, and each what it needs', () => {
  const asked = [0, 2, 8].map((workers) => heapOfWorkers(flags, workers));
  assert.deepEqual(asked, [undefined, '--initial-old-space-size=43', '--initial-old-space-size=32']);
});

test('where Node was started without the flag, V8 does what it finds right', () => {
  assert.equal(heapOfWorkers(['--expose-gc'], 2), undefined);
});
