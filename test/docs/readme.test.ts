import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { settings, variableOf } from '../../src/server/settings.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import { operationNames } from '../model/operation-names.ts';

const readme = readFileSync('README.md', 'utf8');

test('the README counts the operations that are served, and names the others', () => {
  const names = operationNames();
  const missing = names.filter((name) => !operations.has(name)).sort();
  assert.ok(
    readme.includes(`**${names.length - missing.length} of AWS's ${names.length} operations**`),
    `${names.length - missing.length} of ${names.length} are served`,
  );
  const paragraph = /^\*\*\d+ of AWS's .*?(?=\n\n)/ms.exec(readme)![0];
  const named = [...paragraph.matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name).sort();
  assert.deepEqual(named, missing);
});

for (const [name, { flag }] of Object.entries(settings)) {
  test(`the README's table has --${flag} with its variable and its default`, () => {
    const value = defaultOptions[name as keyof ServerOptions];
    const row = readme
      .split('\n')
      .find((line) => line.startsWith(`| \`--${flag}\` | \`${variableOf(flag)}\` |`));
    assert.ok(row !== undefined);
    if (value !== undefined) assert.ok(row.includes(`| \`${value}\` |`), row);
  });
}

test("the README's table has no flag that is not there", () => {
  const flags = [...readme.matchAll(/^\| `--([a-z0-9-]+)` /gm)].map(([, flag]) => flag);
  assert.deepEqual(
    flags.sort(),
    Object.values(settings)
      .map(({ flag }) => flag)
      .sort(),
  );
});
