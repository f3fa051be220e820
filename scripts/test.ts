// Runs the tests.
//
//   npm test               all of them
//   npm test -- quick      in half a minute: what starts no processes and plays no worlds
//   npm test -- slow       what waits or hunts, on one core that another process keeps busy
//   npm test -- long       all of them, and what is tried many times is tried many more times
//   npm test -- wire sim   those whose path contains one of the words
//   npm test -- a/b.ts     that file
//
// Every file has a process of its own. Properties are tested from one seed, so that a run can be repeated;
// PROPERTY_SEED names another. A test that never ends fails after ten minutes, and what it started ends with
// its process: see test/left-running.ts. With CLIENTS=all (`npm run clients`) the client programs run in
// full, and what became of them is kept for docs/clients.md: see scripts/client-results.ts. What tests and
// the programs that they start print is searched for secrets: see harness/canaries.ts. The last line counts.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';
import { shareOneCore } from './busy-neighbour.ts';
import { ClientRecorder } from './client-results.ts';
import { LeakWatch } from './leak-watch.ts';
import { allTests, isPartOf, longest, quickTests, slowTests } from './tiers.ts';

const wanted = process.argv.slice(2);
const files = inOrder(chosen(wanted));
if (files.length === 0) {
  console.error(`no test file has ${wanted.join(' or ')} in its path`);
  process.exit(2);
}
const cores = availableParallelism();
if (wanted[0] === 'slow') shareOneCore(cores);
if (wanted[0] === 'long') process.env['TEST_LENGTH'] = wanted[0];
// What one process has compiled, the next need not: they all import the same sources.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/compiled');

/** Not a limit of how long a test may take: it only ends one that would never end. */
const testMsMax = 600_000;
const isPatient = wanted[0] === 'long' || process.env['CLIENTS'] === 'all';

const started = performance.now();
const count = { passed: 0, failed: 0, skipped: 0 };
const skips: string[] = [];
const events = run({
  files,
  // Some wait most of the time.
  concurrency: cores + 1,
  execArgv: ['--import', './test/property-seed.ts', '--import', './test/left-running.ts'],
  ...(isPatient ? {} : { timeout: testMsMax }),
});
events.on('test:pass', ({ name, skip, details }) => {
  if (skip === undefined) count.passed += details.type === 'suite' ? 0 : 1;
  else if (typeof skip === 'string') {
    // The tests of a suite that is skipped are not told of.
    count.skipped += 1;
    skips.push(`${name}: ${skip}`);
  } else {
    count.failed += 1;
    skips.push(`${name}: without a reason, which is a failure`);
  }
});
events.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') count.failed += 1;
});

const leaks = new LeakWatch();
events.on('test:stdout', (printed) => leaks.search(printed));
events.on('test:stderr', (printed) => leaks.search(printed));

const clients = new ClientRecorder();
events.on('test:pass', (ended) => clients.passed(ended));
events.on('test:fail', (ended) => clients.failed(ended));
events.on('test:diagnostic', (said) => clients.said(said));

const report = process.stdout.isTTY ? new spec() : dot;
for await (const text of events.compose(report)) process.stdout.write(String(text));

if (process.env['CLIENTS'] === 'all') await clients.write();

for (const skip of skips) console.log(`skipped: ${skip}`);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`${files.length} files in ${seconds} s`);
for (const leak of leaks.found) console.log(`leaked: ${leak}`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
if (count.failed > 0 || leaks.found.length > 0) process.exitCode = 1;

/** Those that take longest come first: at the end there is little to wait for. */
function inOrder(chosenFiles: readonly string[]): string[] {
  const isLongest = (file: string) => longest.some((part) => isPartOf(file, part));
  return [...chosenFiles.filter(isLongest), ...chosenFiles.filter((file) => !isLongest(file))];
}

function chosen(words: readonly string[]): string[] {
  if (words.length === 1 && words[0] === 'quick') return quickTests();
  if (words.length === 1 && words[0] === 'slow') return slowTests();
  if (words.length === 0 || (words.length === 1 && words[0] === 'long')) return allTests();
  const named = words.filter((word) => word.endsWith('.ts') && existsSync(word));
  const found = allTests().filter((file) => words.some((word) => file.includes(word)));
  return [...new Set([...found, ...named])];
}
