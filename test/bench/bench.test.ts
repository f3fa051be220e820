import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Results } from '../../bench/results.ts';
import { scenarios } from '../../bench/scenarios.ts';
import { isLong } from '../length.ts';

const skip = process.platform === 'linux' ? false : 'the benchmark reads /proc, which only Linux has';

/** Of the first run, for the page that is made of them below. */
let measured: Results | undefined;

test('a tiny run measures puts and finds all of them again', { skip }, async (context) => {
  const scenario = ['--only', 'millrace,naive', '--scenario', 'PutRecords,PutRecord,memory'];
  const { results, left } = await tiny(context, ...scenario, '--fill-mb', '1');
  measured = results;
  assert.deepEqual(results.failures, []);
  assert.deepEqual(
    results.runs.map((run) => `${run.scenario} ${run.contender}`),
    ['PutRecords millrace', 'PutRecords naive', 'PutRecord millrace', 'PutRecord naive', 'memory millrace'],
  );
  for (const { figures, firstError } of results.runs) {
    assert.equal(firstError, undefined);
    assert.ok(figures.putMegabytes! > 0 && figures.p50Ms! <= figures.p99Ms!);
  }
  assert.ok(results.runs[0]!.figures.getMegabytes! > 0);
  assert.deepEqual(left, ['results.html', 'results.json']);
});

test('a tiny run times the way from a put to every consumer', { skip }, async (context) => {
  const { results } = await tiny(context, '--scenario', 'fan-out');
  assert.deepEqual(results.failures, []);
  assert.deepEqual(
    results.runs.map(({ at }) => at),
    [1, 20],
  );
  for (const { figures } of results.runs) {
    const { p50Ms, p99Ms, maxMs, dueP50Ms } = figures;
    assert.ok(p50Ms! > 0 && p50Ms! <= p99Ms! && p99Ms! <= maxMs! && dueP50Ms! >= p50Ms!);
  }
});

const measuredAbove = ['PutRecords', 'PutRecord', 'memory', 'fan-out', 'start'];
const others = scenarios.map(({ name }) => name).filter((name) => !measuredAbove.includes(name));
/** Usually those that are quickest. */
const chosen = isLong ? others : ['floor', 'connections', 'cold-reads', 'fleet'];
test('a tiny run of other scenarios measures something and fails nowhere', { skip }, async (context) => {
  const { results } = await tiny(context, '--only', 'millrace', '--scenario', chosen.join(','));
  assert.deepEqual(results.failures, []);
  assert.deepEqual(new Set(results.runs.map(({ scenario }) => scenario)), new Set(chosen));
  for (const { scenario, figures, firstError } of results.runs) {
    assert.equal(firstError, undefined, scenario);
    const values = Object.values(figures);
    assert.ok(values.length > 0 && values.every((value) => Number.isFinite(value)), scenario);
  }
});

test('a page and a report are made of results that were measured before', { skip }, async (context) => {
  const directory = temporary(context);
  const file = join(directory, 'results.json');
  writeFileSync(file, JSON.stringify(measured ?? assert.fail('nothing was measured above')));
  const again = join(directory, 'again.json');
  const [code] = await once(start(directory, '--from', `${file},${file}`, '--output', again), 'close');
  assert.equal(code, 0);
  const page = readFileSync(join(directory, 'again.html'), 'utf8');
  assert.match(page, /<h2>Side by side<\/h2>[\s\S]*naive durable server[\s\S]*<\/html>/);
  assert.doesNotMatch(page, /NaN|undefined|https?:\/\//);
});

test('an interrupt ends the servers and removes their data', { skip }, async (context) => {
  const directory = temporary(context);
  const bench = start(directory, '--only', 'naive', '--seconds', '60');
  while (readdirSync(directory).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  while (childrenIn(directory).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  bench.kill('SIGINT');
  const [code] = await once(bench, 'close');
  assert.equal(code, 130);
  // What was killed takes a moment to give its memory back.
  while (childrenIn(directory).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(readdirSync(directory), []);
});

async function tiny(context: TestContext, ...args: string[]) {
  const directory = temporary(context);
  const output = join(directory, 'results.json');
  const [code] = await once(start(directory, '--seconds', '0.1', '--output', output, ...args), 'close');
  assert.equal(code, 0);
  const results = JSON.parse(readFileSync(output, 'utf8')) as Results;
  return { results, directory, left: readdirSync(directory).sort() };
}

function temporary(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bench-test-'));
  context.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

function start(directory: string, ...args: string[]): ChildProcess {
  const main = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
  const brief = ['--quick', '--rounds', '1', '--repeats', '0', '--fleet-minutes', '0.02'];
  const always = [...brief, '--directory', directory];
  return spawn(process.execPath, [main, ...always, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Processes that work in a directory below: each server is started in its own. */
function childrenIn(directory: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLine(pid).includes(`${directory}/millrace-bench-`));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
