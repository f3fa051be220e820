import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { whyMissing } from '../../../clients/foreign-program.ts';
import { ask, type Party } from './dialogue.ts';

/** A server of somebody else's at work, or why it cannot be had here. */
export type Oracle = (AsyncDisposable & { readonly party: Party }) | { readonly missing: string };

const folder = new URL('./local/', import.meta.url);

/** Where all is asked for, packages are fetched; else only what earlier runs have fetched is used. */
const isThorough = process.env['CLIENTS'] === 'all';

/** DynamoDB Local from Maven Central, in memory. */
export async function startDynamoDbLocal(): Promise<Oracle> {
  const missing = await whyNotCopied();
  if (missing !== undefined) return { missing: `DynamoDB Local: ${missing}` };
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const memory = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  return await start('local', (port) => [
    ...['java', ...memory, '-Djava.library.path=lib', '-cp', 'lib/*', main],
    ...['-inMemory', '-disableTelemetry', '-port', String(port)],
  ]);
}

/** Its packages are copied once. */
async function whyNotCopied(): Promise<string | undefined> {
  const lib = new URL('lib/', folder);
  if (existsSync(lib)) return undefined;
  const offline = isThorough ? [] : ['-o'];
  const goal = ['dependency:copy-dependencies', '-DoutputDirectory=copied'];
  const missing = await whyMissing(['mvn', '-q', '-B', ...offline, ...goal], folder);
  if (missing !== false) return missing;
  // All of it, or nothing.
  renameSync(new URL('copied/', folder), lib);
  return undefined;
}

export async function startMoto(): Promise<Oracle> {
  return await start('moto', (port) => ['moto_server', '-H', '127.0.0.1', '-p', String(port)]);
}

async function start(name: string, command: (port: number) => readonly string[]): Promise<Oracle> {
  const port = await freePort();
  const [program, ...words] = command(port);
  const child = spawn(program!, words, { cwd: fileURLToPath(folder), stdio: 'ignore', detached: true });
  const failed = once(child, 'error').then(([error]) => String(error));
  const ended = once(child, 'exit').then(() => `${program} ended`);
  const party: Party = { name, port };
  const reason = await Promise.race([failed, ended, answers(party)]);
  if (reason !== undefined) return { missing: reason };
  const killed = () => end(child);
  process.once('exit', killed);
  return {
    party,
    async [Symbol.asyncDispose]() {
      process.off('exit', killed);
      end(child);
      await ended;
    },
  };
}

/** With all that it started: `moto_server` may be a script that runs another program. */
function end({ pid }: ChildProcess): void {
  process.kill(-pid!, 'SIGKILL');
}

async function answers(party: Party): Promise<undefined> {
  for (;;) {
    const said = await ask(party, 'ListTables', {}).catch(() => undefined);
    if (said?.kind === 'output') return undefined;
    await sleep(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
