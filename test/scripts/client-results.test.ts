import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientRecorder } from '../../scripts/client-results.ts';
import type { About } from '../clients/about.ts';

const about: About = { name: 'One', version: '2', from: '', runs: '', configuration: [], toolchain: [] };
const abouts = new Map([
  ['one', about],
  ['two', about],
]);
const file = '/anywhere/test/clients/one/one.test.ts';
const ended = (name: string) => ({ file, name, details: { duration_ms: 1234 } });
const old = { version: '1', date: '2026-01-01', toolchain: [], tests: [] };

test('what became of a client is kept, with what it counted, and replaces what was', () => {
  const recorder = new ClientRecorder();
  recorder.passed(ended('reads'));
  recorder.said({ file, message: 'counted: 3 of 3' });
  recorder.said({ file, message: 'counted: none twice' });
  recorder.said({ file, message: 'tests 5' });
  const error = new Error('the test failed', { cause: new Error('no answer\nat all') });
  recorder.failed({ ...ended('writes'), details: { duration_ms: 0, error } });
  recorder.passed({ ...ended('sleeps'), skip: 'no bed' });
  recorder.passed({ ...ended('a suite'), details: { duration_ms: 0, type: 'suite' } });
  recorder.passed({ ...ended('another file'), file: 'test/clients/processed.test.ts' });

  const results = recorder.results({ gone: old, one: old, two: old }, abouts, '2026-11-28');
  assert.deepEqual(results, {
    one: {
      version: '2',
      date: '2026-11-28',
      toolchain: [],
      tests: [
        { test: 'reads', result: 'passed', said: '3 of 3; none twice', seconds: 1.2 },
        { test: 'writes', result: 'failed', said: 'no answer', seconds: 0 },
        { test: 'sleeps', result: 'skipped', said: 'no bed', seconds: 1.2 },
      ],
    },
    two: old,
  });
});
