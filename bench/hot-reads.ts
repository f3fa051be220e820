import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import { treeCpuSeconds } from './process-tree.ts';
import { credentials, Signer } from './signer.ts';
import { median } from './statistics.ts';

/**
 * node bench/hot-reads.ts [--rounds N] [--seconds N] [TREE ...]
 *
 * GetRecords of what was just written, by the servers in the source trees (this one, when none is named), next to a node:http
 * server that sends the same bytes. Pages of 10 MiB, pages of one record, and none. Rounds take turns; figures are medians.
 */
async function main(args: string[]): Promise<void> {
  if (args[0] === '--static') return serveStatic(args[1]!);
  const option = (name: string, otherwise: number) => {
    const at = args.indexOf(`--${name}`);
    return at === -1 ? otherwise : Number(args.splice(at, 2)[1]);
  };
  const rounds = option('rounds', 5);
  const seconds = option('seconds', 2);
  const trees = args.length > 0 ? args : [new URL('..', import.meta.url).pathname];
  const directory = mkdtempSync(`${tmpdir()}/hot-reads-`);
  const servers: Server[] = [];
  try {
    for (const [nth, tree] of trees.entries()) servers.push(await startMillrace(tree, `${directory}/${nth}`));
    servers.push(await startStatic(servers[0]!, directory));
    await compare(servers, rounds, seconds);
  } finally {
    for (const { child } of servers) await end(child);
    rmSync(directory, { recursive: true });
  }
}

/** A server, and the requests for each kind of page. */
type Server = {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly requests: Readonly<Record<PageKind, readonly Buffer[]>>;
};
const pageKinds = ['10 MiB', '1 record', 'nothing'] as const;
type PageKind = (typeof pageKinds)[number];

const cases: readonly { readonly kind: PageKind; readonly connections: number }[] = [
  { kind: '10 MiB', connections: 1 },
  { kind: '10 MiB', connections: 8 },
  { kind: '1 record', connections: 8 },
  { kind: 'nothing', connections: 8 },
];

async function compare(servers: readonly Server[], rounds: number, seconds: number): Promise<void> {
  const only = process.env['ONLY'];
  for (const { kind, connections } of cases.filter(({ kind }) => only === undefined || kind === only)) {
    const runs = servers.map(({ name }) => ({ name, cpu: [] as number[], rate: [] as number[], size: 0 }));
    for (let round = -1; round < rounds; round++) {
      for (const [nth, server] of servers.entries()) {
        const measured = await load(server, kind, connections, round < 0 ? seconds / 2 : seconds);
        if (round < 0) continue;
        runs[nth]!.size = measured.bytes / measured.answers;
        runs[nth]!.cpu.push((measured.cpuSeconds * 1_000_000) / measured.answers);
        runs[nth]!.rate.push(measured.answers / measured.seconds);
      }
    }
    const bare = runs.at(-1)!;
    for (const { name, cpu, rate, size } of runs) {
      const ratio = (of: 'cpu' | 'rate', mine: number[]) =>
        median(mine.map((figure, round) => figure / bare[of][round]!)).toFixed(2);
      console.log(
        `${kind} x ${connections}`.padEnd(14),
        name.padEnd(24),
        `${median(cpu).toFixed(0)} us CPU an answer,`,
        `${median(rate).toFixed(0)}/s, ${((median(rate) * size) / 1e6).toFixed(0)} MB/s;`,
        `of static: CPU ${ratio('cpu', cpu)}, rate ${ratio('rate', rate)}`,
      );
    }
  }
}

async function load(server: Server, kind: PageKind, connections: number, seconds: number) {
  const requests = server.requests[kind];
  const until = performance.now() + seconds * 1000;
  const startedMs = performance.now();
  const cpuBefore = treeCpuSeconds(server.child.pid!);
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, nth) => replay(server.port, requests, nth, until)),
  );
  const cpuSeconds = treeCpuSeconds(server.child.pid!) - cpuBefore;
  const sum = (of: 'answers' | 'bytes') => counts.reduce((total, count) => total + count[of], 0);
  const took = (performance.now() - startedMs) / 1000;
  return { cpuSeconds, seconds: took, answers: sum('answers'), bytes: sum('bytes') };
}

/** Sends requests in turn over one connection, and counts what comes without keeping it. */
function replay(port: number, requests: readonly Buffer[], first: number, until: number) {
  return new Promise<{ answers: number; bytes: number }>((resolve, reject) => {
    let answers = 0;
    let bytes = 0;
    let left = 0;
    const take = (length: number, buffer: Uint8Array) => {
      if (left === 0) {
        // Small enough heads come whole on the loopback.
        const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length);
        const head = chunk.toString('latin1', 0, chunk.indexOf('\r\n\r\n') + 4);
        if (!head.startsWith('HTTP/1.1 200')) reject(new Error(chunk.toString('latin1', 0, 500)));
        left = head.length + Number(/\r\ncontent-length: (\d+)/i.exec(head)![1]);
      }
      bytes += length;
      left -= length;
      if (left > 0) return true;
      answers++;
      if (performance.now() < until) socket.write(requests[(first + answers) % requests.length]!);
      else socket.end();
      return true;
    };
    const buffer = Buffer.allocUnsafe(256 * 1024);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback: take } });
    socket.on('connect', () => socket.write(requests[first % requests.length]!));
    socket.on('close', () => resolve({ answers, bytes }));
    socket.on('error', reject);
  });
}

async function startMillrace(tree: string, directory: string): Promise<Server> {
  const { accessKeyId, secretAccessKey } = credentials;
  const path = `${directory}-credentials`;
  const lines = [
    '[bench]',
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  const port = await freePort();
  const flags = ['--max-semi-space-size=8', ...(process.env['SERVER_FLAGS']?.split(' ') ?? [])];
  const data = process.env['MEMORY'] ? ['--memory'] : ['--data', directory];
  const settings = ['--limits', 'none', '--port', String(port), '--credentials', path, ...data];
  const child = launch([...flags, `${tree}/src/server/main.ts`, 'serve', ...settings]);
  const client = await open(port);
  await client.call('CreateStream', { StreamName, ShardCount: shardCount });
  for (;;) {
    const answer = (await client.call('DescribeStreamSummary', { StreamName })) as Summary;
    if (answer.StreamDescriptionSummary.StreamStatus === 'ACTIVE') break;
    await sleep(10);
  }
  await fill(client);
  const iterators = await Promise.all(['TRIM_HORIZON', 'LATEST'].map((type) => iteratorsOf(port, type)));
  client.close();
  const signer = new Signer(port);
  const sign = (list: readonly string[] | undefined, more: object) =>
    list!.map((ShardIterator) =>
      signer.request('GetRecords', Buffer.from(JSON.stringify({ ShardIterator, ...more }))),
    );
  const requests = {
    '10 MiB': sign(iterators[0], {}),
    '1 record': sign(iterators[0], { Limit: 1 }),
    nothing: sign(iterators[1], {}),
  };
  return { name: tree.split('/').slice(-3).join('/'), port, child, requests };
}
type Summary = { StreamDescriptionSummary: { StreamStatus: string } };

const StreamName = 'bench';
const shardCount = 4;

/** 10 MiB to each shard, by PutRecords of 500 x 1 KiB. */
async function fill(client: Client): Promise<void> {
  const widthOfShard = 2n ** 128n / BigInt(shardCount);
  for (let put = 0; put < (shardCount * 10 * 1024) / 500; put++) {
    const Records = Array.from({ length: 500 }, (_, nth) => ({
      PartitionKey: `key-${put * 500 + nth}`,
      ExplicitHashKey: String(widthOfShard * BigInt(nth % shardCount)),
      Data: Buffer.alloc(1024, `${put}/${nth} `).toString('base64'),
    }));
    await client.call('PutRecords', { StreamName, Records });
  }
}

async function iteratorsOf(port: number, ShardIteratorType: string): Promise<string[]> {
  const client = await Client.open(port);
  const iterators: string[] = [];
  for (let shard = 0; shard < shardCount; shard++) {
    const ShardId = `shardId-${String(shard).padStart(12, '0')}`;
    const answer = await client.call('GetShardIterator', { StreamName, ShardId, ShardIteratorType });
    iterators.push((answer as { ShardIterator: string }).ShardIterator);
  }
  client.close();
  return iterators;
}

/** A server that sends what the other one answered: as a body of a request, it names one of the answers. */
async function startStatic(source: Server, directory: string): Promise<Server> {
  const port = await freePort();
  for (const kind of pageKinds) {
    const answer = await fetchBody(source, kind);
    writeFileSync(`${directory}/${kind}`, answer);
  }
  const child = launch(['--max-semi-space-size=8', import.meta.filename, '--static', `${directory}:${port}`]);
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/nothing`, { method: 'POST', body: '' });
      break;
    } catch {
      await sleep(20);
    }
  }
  const requestOf = (kind: PageKind) => {
    const path = `/${encodeURIComponent(kind)}`;
    return source.requests[kind].map((request) =>
      Buffer.from(request.toString('latin1').replace('POST / ', `POST ${path} `), 'latin1'),
    );
  };
  const requests = {
    '10 MiB': requestOf('10 MiB'),
    '1 record': requestOf('1 record'),
    nothing: requestOf('nothing'),
  };
  return { name: 'static', port, child, requests };
}

async function fetchBody({ port, requests }: Server, kind: PageKind): Promise<Buffer> {
  const [head, body] = requests[kind][0]!.toString('latin1').split('\r\n\r\n') as [string, string];
  const headers = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(': ') as [string, string])
    .filter(([name]) => name !== 'Content-Length' && name !== 'Host');
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
  return Buffer.from(await answer.arrayBuffer());
}

function serveStatic(argument: string): void {
  const [directory, port] = argument.split(':') as [string, string];
  const bodies = new Map(
    pageKinds.map((kind) => [`/${encodeURIComponent(kind)}`, readFileSync(`${directory}/${kind}`)]),
  );
  createServer((request, response) => {
    request.on('data', () => {});
    request.on('end', () => {
      const body = bodies.get(request.url!)!;
      response.writeHead(200, {
        'Content-Type': 'application/x-amz-json-1.1',
        'Content-Length': body.length,
      });
      response.end(body);
    });
  }).listen(Number(port), '127.0.0.1');
}

function launch(args: readonly string[]): ChildProcess {
  return spawn('taskset', ['-c', '0', process.execPath, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function open(port: number): Promise<Client> {
  for (;;) {
    try {
      const client = await Client.open(port);
      await client.call('ListStreams', {});
      return client;
    } catch {
      await sleep(20);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

await main(process.argv.slice(2));
