import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '../harness/signer.ts';
import { Client } from './client.ts';
import type { Contender, Start } from './contender.ts';
import { streamName } from './load.ts';
import { treeResidentBytes } from './process-tree.ts';
import type { Workshop } from './workshop.ts';

export type ServerOptions = {
  /** Of its stream; 0 for a server that has none, or has it already. */
  readonly shardCount: number;
  /** For its command line, after all others. */
  readonly flags?: readonly string[];
  /** A module that it loads before its program, and that answers what it is asked over the IPC channel. */
  readonly preload?: string | undefined;
  /** Where to leave a CPU profile when it ends; in the name, `${pid}` stands for the process. */
  readonly profile?: { readonly directory: string; readonly name: string } | undefined;
};

/** A contender at work, in a fresh directory, with one stream. */
export class RunningServer {
  readonly port: number;
  /** Its own, for its data and its credentials. */
  readonly directory: string;
  /** From starting the process to its first answer. */
  readonly startMs: number;
  readonly #workshop: Workshop;
  readonly #command: Start;
  readonly #isProfiled: boolean;
  #child: ChildProcess;

  static async start(
    workshop: Workshop,
    contender: Contender,
    options: ServerOptions,
  ): Promise<RunningServer> {
    const directory = workshop.directory();
    const [port, sparePort] = await freePorts();
    writeCredentials(join(directory, 'credentials'));
    const command = extended(contender.start({ port, sparePort, directory }), options);
    const beganMs = performance.now();
    const child = launch(workshop, command, directory);
    try {
      await firstAnswer(port, child);
      const startMs = performance.now() - beganMs;
      const isProfiled = options.profile !== undefined;
      const server = new RunningServer(workshop, command, child, { directory, port, startMs, isProfiled });
      if (options.shardCount > 0)
        await server.createStreams([streamName], { ShardCount: options.shardCount });
      return server;
    } catch (error) {
      await workshop.end(child);
      workshop.remove(directory);
      throw error;
    }
  }

  private constructor(
    workshop: Workshop,
    command: Start,
    child: ChildProcess,
    about: { directory: string; port: number; startMs: number; isProfiled: boolean },
  ) {
    this.#workshop = workshop;
    this.#command = command;
    this.#child = child;
    this.#isProfiled = about.isProfiled;
    this.directory = about.directory;
    this.port = about.port;
    this.startMs = about.startMs;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What its preloaded module answers. */
  async ask(): Promise<unknown> {
    const answered = once(this.#child, 'message');
    this.#child.send('tell');
    const [answer] = await answered;
    return answer;
  }

  residentMegabytes(): number {
    return treeResidentBytes(this.pid) / 1e6;
  }

  /** Resolves when all of them are ACTIVE. */
  async createStreams(names: readonly string[], settings: object): Promise<void> {
    const client = await Client.open(this.port);
    for (const name of names) await client.call('CreateStream', { StreamName: name, ...settings });
    for (const name of names) {
      while ((await statusOf(client, name)) !== 'ACTIVE') await sleep(5);
    }
    client.close();
  }

  /** Ends it, as an operator would or in the middle of everything. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }

  /** Ends it and starts it on what it left. Answers the milliseconds from there to a record stored. */
  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
    await this.stop(signal);
    return await this.startAgain();
  }

  /** After `stop`, with more on its command line; resolves with its first answer. */
  async startWith(flags: readonly string[]): Promise<void> {
    this.#child = launch(this.#workshop, extended(this.#command, { flags }), this.directory);
    await firstAnswer(this.port, this.#child);
  }

  /** After `stop`; answers the milliseconds to a record stored. */
  async startAgain(): Promise<number> {
    const beganMs = performance.now();
    this.#child = launch(this.#workshop, this.#command, this.directory);
    await firstAnswer(this.port, this.#child);
    const client = await Client.open(this.port);
    await client.call('PutRecord', { StreamName: streamName, PartitionKey: 'first', Data: 'Zmlyc3Q=' });
    client.close();
    return performance.now() - beganMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A process that is killed leaves no profile.
    if (this.#isProfiled && this.#child.exitCode === null) await this.stop();
    await this.#workshop.end(this.#child);
    this.#workshop.remove(this.directory);
  }
}

async function statusOf(client: Client, name: string): Promise<string> {
  const answer = (await client.call('DescribeStreamSummary', { StreamName: name })) as Summary;
  return answer.StreamDescriptionSummary.StreamStatus;
}
type Summary = { StreamDescriptionSummary: { StreamStatus: string } };

function extended(
  command: Start,
  { flags = [], preload, profile }: Omit<ServerOptions, 'shardCount'>,
): Start {
  const profiling = profile && [
    '--cpu-prof',
    `--cpu-prof-dir=${profile.directory}`,
    `--cpu-prof-name=${profile.name}`,
  ];
  const probing = preload && ['--import', preload];
  return { ...command, args: [...(profiling ?? []), ...(probing ?? []), ...command.args, ...flags] };
}

function launch(
  workshop: Workshop,
  { node, args, cwd, env, place = 'server' }: Start,
  directory: string,
): ChildProcess {
  return workshop.start(place, node ?? process.execPath, args, {
    cwd: cwd ?? directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', args.includes('--import') ? 'ipc' : 'ignore'],
  });
}

/** Asks for the list of streams until the server answers. */
async function firstAnswer(port: number, child: ChildProcess): Promise<void> {
  const complaints = lastWords(child);
  const deadlineMs = performance.now() + startMsMax;
  for (;;) {
    try {
      const client = await Client.open(port);
      await client.call('ListStreams', {});
      client.close();
      return;
    } catch (error) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (!hasEnded && performance.now() < deadlineMs) await sleep(2);
      else throw new Error(`did not start: ${complaints() || String(error)}`);
    }
  }
}

const startMsMax = 60_000;

/** What a process says on its way out. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-1000);
  });
  return () => text.trim();
}

function writeCredentials(path: string): void {
  const { accessKeyId, secretAccessKey } = credentials;
  const lines = [
    '[bench]',
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    '',
  ];
  writeFileSync(path, lines.join('\n'), { mode: 0o600 });
}

/** Two ports that were free a moment ago: not every contender can be asked for any port. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as { port: number }).port);
  }
  for (const server of servers) server.close();
  return [ports[0]!, ports[1]!];
}
