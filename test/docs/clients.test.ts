import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clientAbouts } from '../../scripts/client-abouts.ts';
import { type ClientResults, clientResults } from '../../scripts/client-results.ts';
import { clientsPage, clientsPath } from '../../scripts/clients-page.ts';
import type { About } from '../clients/about.ts';

test('docs/clients.md says what the abouts and the results say (npm run docs writes it)', async () => {
  assert.equal(
    readFileSync(clientsPath, 'utf8'),
    clientsPage(await clientAbouts(), clientResults(), clientResults('kafka')),
  );
});

test('results are of clients that there are', async () => {
  const abouts = await clientAbouts();
  assert.deepEqual(
    Object.keys({ ...clientResults(), ...clientResults('kafka') }).filter((client) => !abouts.has(client)),
    [],
  );
});

const about: About = {
  name: 'A client',
  version: '2.0',
  from: 'somewhere',
  runs: 'all | of it',
  configuration: [{ where: 'Environment', language: 'sh', lines: 'export A=1' }],
  toolchain: [],
};
const results = (version: string): ClientResults => ({
  one: {
    version,
    date: '2026-11-28',
    toolchain: ['tool 3'],
    tests: [
      { test: 'reads', result: 'passed', said: '3 of 3', seconds: 1 },
      { test: 'writes', result: 'failed', said: 'no | answer', seconds: 1 },
      { test: 'sleeps', result: 'skipped', said: 'no bed', seconds: 0 },
    ],
  },
});

test('every test has its outcome in the table', () => {
  const page = clientsPage(new Map([['one', about]]), results('2.0'), {});
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  assert.deepEqual(rows.slice(1), [
    '| **[A client](#a-client)** | 2.0 | all \\| of it | **1 passed, 1 failed, 1 skipped** (2026-11-28) |',
    '| | | reads | passed: 3 of 3 |',
    '| | | writes | failed: no \\| answer |',
    '| | | sleeps | skipped: no bed |',
  ]);
  assert.match(page, /Version 2\.0 from somewhere, run with tool 3\./);
});

test('what was run on Kafka is in a table of its own', () => {
  const page = clientsPage(new Map([['one', about]]), {}, results('2.0'));
  const [before, after] = page.split('## On Kafka') as [string, string];
  assert.match(before, /not run yet with this version/);
  assert.match(after, /\| reads \| passed: 3 of 3 \|/);
  for (const none of [{}, results('1.9')])
    assert.doesNotMatch(clientsPage(new Map([['one', about]]), {}, none), /On Kafka/);
});

test('results of another version do not count', () => {
  const page = clientsPage(new Map([['one', about]]), results('1.9'), {});
  assert.match(page, /\| 2\.0 \| all \\\| of it \| not run yet with this version/);
  assert.doesNotMatch(page, /3 of 3/);
});
