/**
 * `node bench/stalls.ts [server] [name …]`: the longest turn of a real server's event loop for each of the heavy requests, signed and not,
 * the worst of several times. Also prints what of it was the thread's own work, which is all of it on a quiet machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import { Connection } from './connection.ts';
import { type HeavyBody, heavyBodies } from './heavy-bodies.ts';
import { freePorts } from './running-server.ts';
import { credentials, Signer } from './signer.ts';

type Stall = { readonly wallMs: number; readonly cpuMs: number };

const stream = 'bench';
const repeats = 5;
const [program = join(import.meta.dirname, '../src/server/main.ts'), ...only] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'millrace-stalls-'));
const [port] = await freePorts();
const server = start();
try {
  await prepare();
  for (const heavy of heavyBodies(stream)) {
    if (only.length > 0 && !only.some((part) => heavy.name.includes(part))) continue;
    print(heavy.name, await worst(heavy, true));
    if (heavy.body.length > 0) print(`${heavy.name}, not signed`, await worst(heavy, false));
  }
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(directory, { recursive: true });
}

function start(): ChildProcess {
  const { accessKeyId, secretAccessKey } = credentials;
  writeFileSync(
    join(directory, 'credentials'),
    `[bench]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  const probe = join(import.meta.dirname, 'stall-probe.ts');
  const flags = ['--port', String(port), '--data', join(directory, 'data'), '--limits', 'none'];
  const args = ['--max-semi-space-size=8', '--import', probe, program, 'serve', ...flags];
  return spawn(process.execPath, [...args, '--credentials', join(directory, 'credentials')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function prepare(): Promise<void> {
  for (;;) {
    try {
      (await Connection.open(port)).close();
      break;
    } catch {
      await sleep(20);
    }
  }
  const client = await Client.open(port);
  await client.call('CreateStream', { StreamName: stream, ShardCount: 1 });
  for (;;) {
    const answer = (await client.call('DescribeStreamSummary', { StreamName: stream })) as {
      StreamDescriptionSummary: { StreamStatus: string; StreamARN: string };
    };
    const { StreamStatus, StreamARN } = answer.StreamDescriptionSummary;
    if (StreamStatus === 'ACTIVE') {
      await client.call('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 10_240 });
      break;
    }
    await sleep(20);
  }
  client.close();
}

async function worst(
  { name, operation, contentType, body, answer }: HeavyBody,
  isSigned: boolean,
): Promise<Stall> {
  const signer = new Signer(port, contentType);
  const connection = await Connection.open(port);
  let [wallMs, cpuMs] = [0, 0];
  await asked();
  for (let nth = 0; nth < repeats; nth++) {
    const request = signer.request(operation, body);
    if (!isSigned) request.fill('x', request.indexOf('Authorization'), request.indexOf('Authorization') + 4);
    const { status, body: answered } = await connection.exchange(request);
    const stall = await asked();
    wallMs = Math.max(wallMs, stall.wallMs);
    cpuMs = Math.max(cpuMs, stall.cpuMs);
    const wanted = isSigned
      ? answer === undefined
        ? status === 200
        : answered.includes(answer)
      : status !== 200;
    if (!wanted) throw new Error(`${name}: ${status} ${answered.toString('latin1', 0, 300)}`);
  }
  connection.close();
  return { wallMs, cpuMs };
}

async function asked(): Promise<Stall> {
  server.send('how long');
  const [stall] = (await once(server, 'message')) as [Stall];
  return stall;
}

function print(name: string, { wallMs, cpuMs }: Stall): void {
  console.log(
    `${name.padEnd(50)} ${wallMs.toFixed(1).padStart(7)} ms ${cpuMs.toFixed(1).padStart(7)} ms of its own`,
  );
}
