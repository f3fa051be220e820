// Runs the tests: all of them, or those whose path contains one of the arguments. `npm test -- wire sim`.
// Every file has a process of its own. Properties are tested from one seed, so that a run can be repeated; PROPERTY_SEED
// names another. The last line counts.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';

const wanted = process.argv.slice(2);
const files = globSync('test/**/*.test.ts').filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
if (files.length === 0) {
  console.error(`no test file has ${wanted.join(' or ')} in its path`);
  process.exit(2);
}

const started = performance.now();
const count = { passed: 0, failed: 0, skipped: 0 };
const skips: string[] = [];
const events = run({
  files: files.sort(),
  concurrency: Math.max(2, availableParallelism()),
  execArgv: ['--import', './test/property-seed.ts'],
});
events.on('test:pass', ({ name, skip, details }) => {
  if (details.type === 'suite') return;
  if (skip === undefined) count.passed += 1;
  else {
    count.skipped += 1;
    skips.push(`${name}: ${skip}`);
  }
});
events.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') count.failed += 1;
});

const report = process.stdout.isTTY ? new spec() : dot;
for await (const text of events.compose(report)) process.stdout.write(String(text));

for (const skip of skips) console.log(`skipped: ${skip}`);
console.log(`${files.length} files in ${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
if (count.failed > 0) process.exitCode = 1;
