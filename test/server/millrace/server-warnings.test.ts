import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Warned, warningsOf } from '../../../src/server/millrace/server-warnings.ts';

const gibibyte = 1024 ** 3;

const quiet: Warned = {
  Disk: { Path: '/data', FreeBytes: 90 * gibibyte, TotalBytes: 100 * gibibyte },
  Memory: {
    ...{ ResidentBytes: gibibyte, HeapUsedBytes: gibibyte, HeapMaxBytes: 4 * gibibyte },
    ...{ BuffersBytes: 0, MachineBytes: 8 * gibibyte },
  },
  Health: 'ok',
  plainListeners: [],
  auditLost: 0,
};

test('there is nothing to warn of where there is room', () => {
  assert.deepEqual(warningsOf(quiet), []);
  const small = { Path: '/data', FreeBytes: 0.5 * gibibyte, TotalBytes: 1.5 * gibibyte };
  assert.deepEqual(warningsOf({ ...quiet, Disk: small }), []);
});

test('each trouble is one sentence that says what to do', () => {
  const full = { Path: '/data', FreeBytes: 0.5 * gibibyte, TotalBytes: 100 * gibibyte };
  const warnings = warningsOf({
    Disk: full,
    Memory: { ...quiet.Memory, HeapUsedBytes: 3.9 * gibibyte },
    Health: 'cut off',
    plainListeners: ['10.0.0.1:4567'],
    auditLost: 3,
  });
  assert.deepEqual(
    warnings.map((warning) => /reach its cluster|nearly full|10\.0\.0\.1:4567|3 records/.exec(warning)?.[0]),
    ['reach its cluster', 'nearly full', 'nearly full', '10.0.0.1:4567', '3 records'],
  );
  assert.ok(warnings[1]!.includes('512 MiB of 100.0 GiB'));
});
