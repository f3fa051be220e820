import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heapOfFronts } from '../../src/cli/program.ts';
import { defaultOptions } from '../../src/server/options.ts';

const flags = ['--expose-gc', '--initial-old-space-size=128'];

test('all threads together let lie about as much garbage as a server with one thread, and each what it needs', () => {
  const asked = [1, 2, 8].map((fronts) => heapOfFronts(flags, { ...defaultOptions, fronts }));
  assert.deepEqual(asked, [undefined, '--initial-old-space-size=43', '--initial-old-space-size=32']);
});

test('who starts Node without the flag has V8 do what it finds right', () => {
  assert.equal(heapOfFronts(['--expose-gc'], { ...defaultOptions, fronts: 2 }), undefined);
});
