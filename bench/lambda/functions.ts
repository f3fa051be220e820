import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpLambdaClient } from '../../harness/mappings/http-lambda-client.ts';
import { functionsPath, mappingsPath, sightPath } from '../../harness/mappings/lambda-client.ts';
import { streamName } from '../load.ts';
import type { RunningServer } from '../running-server.ts';

/** What measured-function.mjs exports. */
export type Handler = 'entered' | 'counting' | 'nothing' | 'throwing' | 'hanging' | 'leaking';

/** A function that was made on a server, and the file that it tells things in. */
export type MeasuredFunction = { readonly name: string; readonly report: string };

/** Functions and mappings on a server that is measured. */
export class BenchFunctions {
  readonly #server: RunningServer;
  readonly #lambda: HttpLambdaClient;

  constructor(server: RunningServer) {
    this.#server = server;
    this.#lambda = new HttpLambdaClient('bench', () => server.port);
  }

  async make(name: string, handler: Handler, settings: object = {}): Promise<MeasuredFunction> {
    const { directory } = this.#server;
    const report = join(directory, `${name}.report`);
    const folder = join(directory, 'code');
    mkdirSync(folder, { recursive: true });
    copyFileSync(new URL('measured-function.mjs', import.meta.url), join(folder, 'index.mjs'));
    await this.#lambda.must('POST', functionsPath, {
      FunctionName: name,
      Role: 'arn:aws:iam::000000000000:role/bench',
      Runtime: 'nodejs22.x',
      Handler: `index.${handler}`,
      Timeout: 60,
      MemorySize: 256,
      Code: {},
      Environment: { Variables: { MILLRACE_CODE_FOLDER: folder, REPORT: report } },
      ...settings,
    });
    return { name, report };
  }

  /** Resolves to the UUID when the mapping is Enabled. */
  async map(name: string, settings: object = {}, stream = streamName): Promise<string> {
    const EventSourceArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
    const input = { FunctionName: name, EventSourceArn, StartingPosition: 'LATEST', ...settings };
    const { UUID } = await this.#lambda.must<{ UUID: string }>('POST', mappingsPath, input);
    while ((await this.#state(UUID)) !== 'Enabled') await sleep(10);
    return UUID;
  }

  /** Has mappings poll, or rest; resolves when they do. */
  async enable(uuids: readonly string[], isEnabled: boolean): Promise<void> {
    const wanted = isEnabled ? 'Enabled' : 'Disabled';
    for (const uuid of uuids) {
      if ((await this.#state(uuid)) === wanted) continue;
      await this.#lambda.must('PUT', `${mappingsPath}/${uuid}`, { Enabled: isEnabled });
      while ((await this.#state(uuid)) !== wanted) await sleep(10);
    }
  }

  /** The milliseconds from sending a synchronous call to its answer. */
  async invoke(name: string): Promise<number> {
    const beganMs = performance.now();
    await this.#lambda.must('POST', `${functionsPath}/${name}/invocations`, {});
    return performance.now() - beganMs;
  }

  /** How far a mapping is behind, over all of its shards: the longest, in milliseconds. */
  async lagMs(uuid: string): Promise<number> {
    type Sight = { readonly UUID: string; readonly Shards: readonly { readonly LagMs: number }[] };
    const { Mappings } = await this.#lambda.must<{ Mappings: readonly Sight[] }>('GET', sightPath);
    const shards = Mappings.find(({ UUID }) => UUID === uuid)?.Shards ?? [];
    return Math.max(0, ...shards.map(({ LagMs }) => LagMs));
  }

  async #state(uuid: string): Promise<string> {
    const { State } = await this.#lambda.must<{ State: string }>('GET', `${mappingsPath}/${uuid}`);
    return State;
  }
}

/** The lines that it has told so far. */
export function toldBy({ report }: MeasuredFunction): string[] {
  return existsSync(report)
    ? readFileSync(report, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** Resolves when it has told what is waited for; rejects when that does not come. */
export async function untilTold(
  measured: MeasuredFunction,
  isThere: (lines: string[]) => boolean,
): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!isThere(toldBy(measured))) {
    if (performance.now() > deadlineMs)
      throw new Error(`${measured.name} has told only ${toldBy(measured).length} lines`);
    await sleep(50);
  }
}

const patienceMs = 120_000;
