import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Results } from '../../bench/results.ts';

const skip = process.platform === 'linux' ? false : 'the benchmark reads /proc, which only Linux has';

test('a tiny run measures puts and finds all of them again', { skip }, async (context) => {
  const directory = temporary(context);
  const output = join(directory, 'results.json');
  const bench = start(
    directory,
    '--only',
    'millrace,naive',
    '--scenario',
    'put,get,memory',
    '--seconds',
    '0.2',
    '--fill-mb',
    '1',
    '--output',
    output,
  );
  const [code] = await once(bench, 'close');
  const { runs, failures } = JSON.parse(readFileSync(output, 'utf8')) as Results;
  assert.deepEqual(failures, []);
  assert.deepEqual(
    runs.map(({ scenario, contender }) => `${scenario} ${contender}`),
    ['fill millrace', 'PutRecords millrace', 'PutRecords naive', 'PutRecord millrace', 'PutRecord naive'],
  );
  for (const { put, residentBytes } of runs) {
    assert.equal(put!.firstError, undefined);
    assert.ok(put!.records > 0 && put!.seconds > 0 && residentBytes! > 1_000_000);
  }
  const [, putRecords] = runs;
  assert.equal(putRecords!.get!.records, putRecords!.put!.acknowledged);
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(directory), ['results.json']);
});

test('a tiny run times the way from a put to every consumer', { skip }, async (context) => {
  const directory = temporary(context);
  const output = join(directory, 'results.json');
  const scenario = ['--only', 'millrace', '--scenario', 'fan-out', '--seconds', '0.2'];
  await once(start(directory, ...scenario, '--output', output), 'close');
  const { runs, failures } = JSON.parse(readFileSync(output, 'utf8')) as Results;
  assert.deepEqual(failures, []);
  assert.deepEqual(
    runs.map((run) => [run.scenario, run.fanOut!.records]),
    [
      ['fan-out 1', 200],
      ['fan-out 20', 200],
    ],
  );
  for (const { fromSend, fromDue, cpuSeconds } of runs.map(({ fanOut }) => fanOut!)) {
    assert.ok(fromSend.p50Ms > 0 && fromSend.p50Ms <= fromSend.p99Ms && fromSend.p99Ms <= fromSend.maxMs);
    assert.ok(fromDue.p50Ms >= fromSend.p50Ms && cpuSeconds > 0);
  }
});

test('an interrupt ends the servers and removes their data', { skip }, async (context) => {
  const directory = temporary(context);
  const bench = start(directory, '--only', 'naive', '--seconds', '60');
  while (readdirSync(directory).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const servers = childrenIn(directory);
  bench.kill('SIGINT');
  const [code] = await once(bench, 'close');
  assert.equal(code, 130);
  assert.ok(servers.length > 0);
  assert.deepEqual(childrenIn(directory), []);
  assert.deepEqual(readdirSync(directory), []);
});

function temporary(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bench-test-'));
  context.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

function start(directory: string, ...args: string[]): ChildProcess {
  const main = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
  const always = ['--quick', '--rounds', '1', '--repeats', '0', '--directory', directory];
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
