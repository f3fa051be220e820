import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import type { Contender, Start } from './contender.ts';
import { streamName } from './load.ts';
import { treeResidentBytes } from './process-tree.ts';
import { credentials } from './signer.ts';
import type { Workshop } from './workshop.ts';

/** A contender at work, in a fresh directory, with one stream. */
export class RunningServer {
  readonly port: number;
  /** From starting the process to its first answer. */
  readonly startMs: number;
  readonly #workshop: Workshop;
  readonly #command: Start;
  readonly #directory: string;
  #child: ChildProcess;

  static async start(workshop: Workshop, contender: Contender, shardCount: number): Promise<RunningServer> {
    const directory = workshop.directory();
    const [port, sparePort] = await freePorts();
    writeCredentials(`${directory}/credentials`);
    const command = contender.start({ port, sparePort, directory });
    const beganMs = performance.now();
    const child = launch(workshop, command, directory);
    try {
      await firstAnswer(port, child);
      const startMs = performance.now() - beganMs;
      await createStream(port, shardCount);
      return new RunningServer(workshop, command, child, { directory, port, startMs });
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
    { directory, port, startMs }: { directory: string; port: number; startMs: number },
  ) {
    this.#workshop = workshop;
    this.#command = command;
    this.#child = child;
    this.#directory = directory;
    this.port = port;
    this.startMs = startMs;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  residentBytes(): number {
    return treeResidentBytes(this.pid);
  }

  /** Ends it as an operator would, and starts it on what it left. Answers the time from there to a record stored. */
  async restart(): Promise<number> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
    const beganMs = performance.now();
    this.#child = launch(this.#workshop, this.#command, this.#directory);
    await firstAnswer(this.port, this.#child);
    const client = await Client.open(this.port);
    await client.call('PutRecord', { StreamName: streamName, PartitionKey: 'first', Data: 'Zmlyc3Q=' });
    client.close();
    return performance.now() - beganMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workshop.end(this.#child);
    this.#workshop.remove(this.#directory);
  }
}

function launch(workshop: Workshop, { node, args, cwd, env }: Start, directory: string): ChildProcess {
  return workshop.start('server', node ?? process.execPath, args, {
    cwd: cwd ?? directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Asks for the list of streams until somebody answers. */
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

const startMsMax = 20_000;

/** What a process says on its way out. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-1000);
  });
  return () => text.trim();
}

async function createStream(port: number, shardCount: number): Promise<void> {
  const client = await Client.open(port);
  await client.call('CreateStream', { StreamName: streamName, ShardCount: shardCount });
  for (;;) {
    const answer = (await client.call('DescribeStreamSummary', { StreamName: streamName })) as Summary;
    if (answer.StreamDescriptionSummary.StreamStatus === 'ACTIVE') break;
    await sleep(5);
  }
  client.close();
}
type Summary = { StreamDescriptionSummary: { StreamStatus: string } };

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
export async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as { port: number }).port);
  }
  for (const server of servers) server.close();
  return [ports[0]!, ports[1]!];
}
