import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import type { Contender } from './contender.ts';
import { streamName } from './load.ts';
import { treeResidentBytes } from './process-tree.ts';
import { credentials } from './signer.ts';
import type { Workshop } from './workshop.ts';

/** A contender at work, in a fresh directory, with a stream of four shards. */
export class RunningServer {
  readonly port: number;
  readonly pid: number;
  /** From starting the process to its first answer. */
  readonly startMs: number;
  readonly #workshop: Workshop;
  readonly #child: ChildProcess;
  readonly #directory: string;

  static async start(workshop: Workshop, contender: Contender): Promise<RunningServer> {
    const directory = workshop.directory();
    const [port, sparePort] = await freePorts();
    writeCredentials(`${directory}/credentials`);
    const { node, args, cwd, env } = contender.start({ port, sparePort, directory });
    const beganMs = performance.now();
    const child = workshop.start('server', node ?? process.execPath, args, {
      cwd: cwd ?? directory,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await firstAnswer(port, child);
      const startMs = performance.now() - beganMs;
      await createStream(port);
      return new RunningServer(workshop, child, directory, port, startMs);
    } catch (error) {
      await workshop.end(child);
      workshop.remove(directory);
      throw error;
    }
  }

  constructor(workshop: Workshop, child: ChildProcess, directory: string, port: number, startMs: number) {
    this.#workshop = workshop;
    this.#child = child;
    this.#directory = directory;
    this.port = port;
    this.pid = child.pid!;
    this.startMs = startMs;
  }

  residentBytes(): number {
    return treeResidentBytes(this.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workshop.end(this.#child);
    this.#workshop.remove(this.#directory);
  }
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

async function createStream(port: number): Promise<void> {
  const client = await Client.open(port);
  await client.call('CreateStream', { StreamName: streamName, ShardCount: 4 });
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
