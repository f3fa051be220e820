import { once } from 'node:events';
import { globSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPeers } from '../harness/peers.ts';
import type { SeededRandom } from '../harness/random.ts';
import { Client } from './client.ts';
import { writersOnly } from './crew.ts';
import type { Fault, Round, Stage } from './fault.ts';
import { LoopDisk, loopDiskObstacle } from './loop-disk.ts';
import { readPeer } from './peer-reading.ts';
import type { Command } from './server-process.ts';
import { Trial } from './trial.ts';

/** Another server, with whatever it has to keep its data. */
type Peer = { readonly name: string; command(directory: string, port: number, sparePort: number): Command };

const packages = join(dirname(import.meta.dirname), 'bench', 'peers', 'node_modules');
const kinesisLocal = join(packages, 'kinesis-local', 'main.js');
// On Node 26 kinesis-local 0.6.2 stops reading in the middle of large bodies.
const node24 = join(packages, `node-linux-${process.arch}`, 'bin', 'node');

const peers: readonly Peer[] = [
  {
    name: 'kinesalite --path',
    command: (directory, port) => ({
      executable: process.execPath,
      args: [
        join(packages, 'kinesalite', 'cli.js'),
        ...['--port', String(port), '--path', directory, '--createStreamMs', '0', '--shardLimit', '100'],
      ],
      port,
    }),
  },
  {
    name: 'kinesis-local, persisting',
    command: (directory, port, sparePort) => ({
      executable: node24,
      args: [kinesisLocal],
      // It looks for its certificate in the directory it is started in.
      cwd: dirname(kinesisLocal),
      env: {
        KINESIS_MOCK_PLAIN_PORT: String(port),
        KINESIS_MOCK_TLS_PORT: String(sparePort),
        CREATE_STREAM_DURATION: '0ms',
        LOG_LEVEL: 'ERROR',
        SHOULD_PERSIST_DATA: 'true',
        PERSIST_PATH: directory,
      },
      port,
    }),
  },
];

/**
 * The same kills, power cuts and torn tails for the peers. What they lose is told, and is no failure of ours.
 */
export const peerFaults: readonly Fault[] = peers.flatMap((peer, index): Fault[] => [
  {
    name: `peer-kill-${index + 1}`,
    title: 'kill -9 under load',
    roundsUsual: 5,
    peer: peer.name,
    obstacle,
    rounds: (stage) => hurt(stage, peer, onDirectory),
  },
  {
    name: `peer-power-${index + 1}`,
    title: 'power cut under ext4',
    roundsUsual: 5,
    peer: peer.name,
    obstacle: () => loopDiskObstacle('ext4') ?? obstacle(),
    rounds: (stage) => hurt(stage, peer, onLoopDisk),
  },
  {
    name: `peer-torn-${index + 1}`,
    title: 'kill -9, the newest file ends up to 64 bytes early',
    roundsUsual: 5,
    peer: peer.name,
    obstacle,
    rounds: (stage) => hurt(stage, peer, onTornDirectory),
  },
]);

function obstacle(): string | undefined {
  return installPeers() ? undefined : 'the peers cannot be installed';
}

/** Where a peer keeps its data, and what happens to it when the peer ends. */
type Ground = { readonly path: string; crash(): void; restart(): void } & Disposable;

function onDirectory({ workshop }: Stage): Ground {
  const directory = workshop.directory();
  return {
    path: directory.path,
    crash() {},
    restart() {},
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}

function onTornDirectory(stage: Stage): Ground {
  const ground = onDirectory(stage);
  return { ...ground, restart: () => tear(ground.path, stage.random.between(1, tornBytesMax)) };
}

const tornBytesMax = 64;

/** Takes bytes off the end of the file that was written last. */
function tear(directory: string, bytes: number): void {
  const files = globSync('**', { cwd: directory })
    .map((name) => ({ path: join(directory, name), ...statOf(join(directory, name)) }))
    .filter(({ isFile, size }) => isFile && size > 0);
  const [newest] = files.sort((one, other) => other.writtenMs - one.writtenMs);
  if (newest !== undefined) truncateSync(newest.path, Math.max(0, newest.size - bytes));
}

function statOf(path: string) {
  const stat = statSync(path);
  return { isFile: stat.isFile(), size: stat.size, writtenMs: stat.mtimeMs };
}

function onLoopDisk({ workshop }: Stage): Ground {
  const directory = workshop.directory();
  const disk = new LoopDisk(workshop, 'ext4', directory.path);
  const path = `${disk.path}/data`;
  mkdirSync(path);
  return {
    path,
    crash: () => disk.cutPower(),
    restart: () => disk.restart(),
    [Symbol.dispose]: () => {
      disk[Symbol.dispose]();
      directory[Symbol.dispose]();
    },
  };
}

async function* hurt(stage: Stage, peer: Peer, lay: (stage: Stage) => Ground): AsyncGenerator<Round> {
  const { workshop, random } = stage;
  for (;;) {
    using ground = lay(stage);
    await using trial = new Trial(workshop, random.fork());
    const [port, sparePort] = [await freePort(), await freePort()];
    const command = peer.command(ground.path, port, sparePort);
    trial.isFaulty = true;
    if (await trial.start(command)) {
      trial.work(writersOnly);
      await sleep(lifeMs(random));
      ground.crash();
      await trial.server.kill();
      await trial.rest();
      ground.restart();
      if (await trial.start(command)) {
        const client = new Client('auditor', () => trial.server.port);
        await readPeer(client, trial.model);
        client.close();
      }
      trial.missUnseen();
    }
    yield onlyLosses(trial.verdict());
  }
}

/** Longer than the interval at which kinesis-local saves, so that something can have been saved. */
function lifeMs(random: SeededRandom): number {
  return random.real(7_000, 12_000);
}

/** Their manners are not judged, only what became of the records. */
function onlyLosses({ acknowledged, violations }: Round): Round {
  const kinds = /^(lost|duplicated|altered|phantom|no start):/;
  return { acknowledged, violations: violations.filter((sentence) => kinds.test(sentence)) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
