import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escaped } from '../../../console/api/sigv4.ts';

test('half of a pair of surrogates, which a field may hold, is escaped as what it is sent as', () => {
  assert.equal(escaped('\ud800'), escaped('\ufffd'));
});

test('what encodeURIComponent leaves as it is, and a signature does not, is escaped, too', () => {
  assert.equal(escaped("!'()*-_.~"), '%21%27%28%29%2A-_.~');
});
