// Runs the vitest example of docs/testing.md as it stands there, on node:test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const page = new URL('../../docs/testing.md', import.meta.url);
const [example] = [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)]
  .map(([, code]) => code!)
  .filter((code) => code.includes("from 'vitest'"));
assert.ok(example, 'docs/testing.md has an example with vitest');

const standIns: Readonly<Record<string, string>> = {
  vitest: new URL('./vitest-on-node-test.ts', import.meta.url).href,
  'millrace/testing': new URL('../../src/server/testing.ts', import.meta.url).href,
};
registerHooks({
  resolve: (specifier, context, next) => next(standIns[specifier] ?? specifier, context),
  load: (url, context, next) =>
    url === page.href
      ? { format: 'module-typescript', source: example, shortCircuit: true }
      : next(url, context),
});
await import(page.href);
