// Keeps what became of the client programs in a run of `npm run clients`, for docs/clients.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { About } from '../test/clients/about.ts';
import { countedPrefix } from '../test/clients/counted.ts';
import { onKafka } from '../test/clients/extent.ts';
import { clientAbouts, clientOf } from './client-abouts.ts';

/** What the programs ran on: one server, or several of a cluster on Kafka. */
export type ClientsOn = 'one server' | 'kafka';

const resultsPaths = {
  'one server': join(import.meta.dirname, '../test/clients/results.json'),
  kafka: join(import.meta.dirname, '../test/clients/results-on-kafka.json'),
};

/** What became of one test. */
export type TestResult = {
  readonly test: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** What it counted, when it passed, or the reason why it did not. */
  readonly said?: string;
  readonly seconds: number;
};

/** What became of a client when it ran last. */
export type ClientResult = {
  readonly version: string;
  /** The day, as 2026-11-28. */
  readonly date: string;
  /** What its toolchain says of itself. */
  readonly toolchain: readonly string[];
  readonly tests: readonly TestResult[];
};

/** By client. */
export type ClientResults = { readonly [client: string]: ClientResult };

export function clientResults(on: ClientsOn = 'one server'): ClientResults {
  return JSON.parse(readFileSync(resultsPaths[on], 'utf8')) as ClientResults;
}

/** Events of node's test runner, as far as they are looked at. */
type Ended = {
  readonly file?: string | undefined;
  readonly name: string;
  readonly skip?: string | boolean | undefined;
  readonly details: {
    readonly type?: string | undefined;
    readonly duration_ms: number;
    readonly error?: Error;
  };
};

/** Hears a run of tests. Those that are no client's pass it by. */
export class ClientRecorder {
  readonly #tests = new Map<string, TestResult[]>();

  passed({ file, name, skip, details }: Ended): void {
    if (details.type === 'suite' && typeof skip !== 'string') return;
    const isSkipped = skip !== undefined && skip !== false;
    const said = typeof skip === 'string' ? { said: skip } : {};
    this.#add(file, {
      test: name,
      result: isSkipped ? 'skipped' : 'passed',
      ...said,
      seconds: secondsOf(details),
    });
  }

  failed({ file, name, details }: Ended): void {
    if (details.type === 'suite') return;
    this.#add(file, {
      test: name,
      result: 'failed',
      said: reasonOf(details.error),
      seconds: secondsOf(details),
    });
  }

  /** What a test says comes right after its end. */
  said({ file, message }: { readonly file?: string | undefined; readonly message: string }): void {
    const client = clientOf(file ?? '');
    if (client === undefined || !message.startsWith(countedPrefix)) return;
    const tests = this.#tests.get(client);
    const last = tests?.at(-1);
    if (last?.result !== 'passed') return;
    const said = [last.said, message.slice(countedPrefix.length)].filter(Boolean).join('; ');
    tests!.splice(-1, 1, { ...last, said });
  }

  /** What the clients of this run came to, and of all others what they had come to before. */
  results(before: ClientResults, abouts: ReadonlyMap<string, About>, date: string): ClientResults {
    const found = [...this.#tests]
      .filter(([client]) => abouts.has(client))
      .map(([client, tests]): [string, ClientResult] => {
        const { version, toolchain } = abouts.get(client)!;
        return [client, { version, date, toolchain: toolchain.map(versionOf), tests }];
      });
    const all = { ...before, ...Object.fromEntries(found) };
    const known = Object.entries(all).filter(([client]) => abouts.has(client));
    return Object.fromEntries(known.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  async write(): Promise<void> {
    const date = new Date().toISOString().slice(0, 10);
    const on = onKafka ? 'kafka' : 'one server';
    const results = this.results(clientResults(on), await clientAbouts(), date);
    writeFileSync(resultsPaths[on], `${JSON.stringify(results, null, 2)}\n`);
  }

  #add(file: string | undefined, result: TestResult): void {
    const client = clientOf(file ?? '');
    if (client === undefined) return;
    const tests = this.#tests.get(client) ?? [];
    this.#tests.set(client, tests);
    tests.push(result);
  }
}

function secondsOf({ duration_ms }: Ended['details']): number {
  return Math.round(duration_ms / 100) / 10;
}

/** The first line of the error that the test threw. */
function reasonOf(error: Error | undefined): string {
  const cause = error?.cause instanceof Error ? error.cause : error;
  return (cause?.message ?? 'no reason given').split('\n')[0]!.slice(0, 300);
}

/** The first line of what a command says of its version, wherever it says it. */
function versionOf([program, ...words]: About['toolchain'][number]): string {
  const { stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.replaceAll(/\u001b\[[\d;]*m/g, '').split('\n');
  return lines.find((line) => line.trim() !== '')?.trim() ?? `${program} is not installed`;
}
