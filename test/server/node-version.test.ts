import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { nodeFault, nodeMajorMin } from '../../src/server/node-version.ts';

const line = 'millrace needs Node.js 24 or newer, this is 20.20.2: get a newer one from https://nodejs.org';

test('the oldest Node that will do is the one that package.json names', () => {
  assert.equal(manifest.engines.node, `>=${nodeMajorMin}`);
  assert.equal(nodeFault('20.20.2'), line);
  assert.equal(nodeFault('8.0.0')?.includes('this is 8.0.0'), true);
  for (const version of ['24.0.0', '26.10.0', '100.0.0-nightly']) assert.equal(nodeFault(version), undefined);
});

test('the command ends with one line and 78 on an older Node, before it loads anything else', () => {
  const { status, stdout, stderr } = onOldNode('src/cli/main.ts', '--memory', '--port', '0');
  assert.deepEqual({ status, stdout, stderr }, { status: 78, stdout: '', stderr: `${line}\n` });
});

test('npm start on a Node that reads no TypeScript says the same', () => {
  const { status, stdout, stderr } = onOldNode('scripts/start.mjs', '--memory', '--port', '0');
  assert.deepEqual({ status, stdout, stderr }, { status: 78, stdout: '', stderr: `${line}\n` });
});

test('a program that imports the package on an older Node gets an error that says so', () => {
  for (const module of ['index', 'testing']) {
    const source = `await import('./src/server/${module}.ts').catch(({ message }) => console.log(message))`;
    const { stdout } = onOldNode('--input-type=module', '--eval', source);
    assert.equal(stdout, `${line}\n`);
  }
});

test('what an older Node loads before it is told imports nothing that it may lack', () => {
  // Asked for by name, as `enableCompileCache` was, a missing export is an error before the first statement.
  const importsOf = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^import .*$/gm)].map(([statement]) => statement);
  assert.deepEqual(importsOf('src/cli/main.ts'), [
    "import { unthinkable } from '../env/detached.ts';",
    "import { nodeFault } from '../server/node-version.ts';",
  ]);
  assert.deepEqual(importsOf('src/env/detached.ts'), []);
  assert.deepEqual(importsOf('src/server/node-version.ts'), []);
});

/** This Node, which takes itself for an older one. */
function onOldNode(...args: string[]) {
  const pretend = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })";
  const flags = ['--import', `data:text/javascript,${pretend}`];
  return spawnSync(process.execPath, [...flags, ...args], { encoding: 'utf8' });
}
