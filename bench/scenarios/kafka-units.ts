import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../harness/connection.ts';
import { Signer } from '../../harness/signer.ts';
import { gatewayOf } from '../contender.ts';
import type { Figures } from '../figures.ts';
import type { KafkaBrokers } from '../kafka/brokers.ts';
import { leadersOf } from '../kafka/library.ts';
import { bytesOfTopics } from '../kafka/topic-bytes.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';
import { put, putFigures } from './put.ts';

/** What sizing multiplies: the cost of a MB/s, of 1,000 shards, of 1,000 connections. */
export const kafkaUnits: Scenario = {
  name: 'kafka-units',
  group: 'kafka',
  isCrowded: true,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    await using cluster = brokers.newCluster();
    await using server = await turn.start(4, { contender: gatewayOf(cluster) });
    await using second = await turn.start(0, { contender: gatewayOf(cluster), preload: probe });
    await sleep(3000);
    const prefix = `millrace.${cluster.name}.control.`;
    const emptyMegabytes = second.residentMegabytes();
    const emptyHeap = await heapMegabytes(second);
    const bytesBefore = await bytesByKind(brokers, prefix);
    const perMegabyte = await costOfPuts(turn, server, brokers);
    const fewMicros = (await fourPut(turn, server)).putMicros;
    const createdMs = await timed(() => server.createStreams([largeStream], { ShardCount: shardCount }));
    await sleep(3000);
    const filledHeap = await heapMegabytes(second);
    const bytesAfter = await bytesByKind(brokers, prefix);
    const connectedMegabytes = await withConnections(second, 1000);
    turn.note({
      loadAverage: loadavg()[0]!,
      ...perMegabyte,
      emptyMegabytes,
      shardsMegabytes: filledHeap - emptyHeap,
      shardsJournalBytes: bytesAfter.journal - bytesBefore.journal,
      shardsSnapshotBytes: bytesAfter.snapshot,
      streamMs: createdMs,
      topicMs: await timed(() => makeTopic(brokers)),
      fourPutMicros: fewMicros,
      allPutMicros: (await fourPut(turn, server, largeStream)).putMicros,
      connectionsMegabytes: connectedMegabytes,
    });
  },
};

const probe = join(import.meta.dirname, '..', 'heap-probe.ts');
const shardCount = 1000;
const largeStream = 'large';

/** What is left once garbage is gone. Resident memory follows late, and in steps. */
async function heapMegabytes(server: RunningServer): Promise<number> {
  const { heapUsed, arrayBuffers } = (await server.ask()) as { heapUsed: number; arrayBuffers: number };
  return (heapUsed + arrayBuffers) / 1e6;
}

async function costOfPuts(turn: Turn, server: RunningServer, brokers: KafkaBrokers) {
  const before = brokers.cpuSeconds();
  const outcome = await put(turn, server, { connections: 8 });
  const megabytes = (outcome.acknowledged * 1024) / 1e6;
  return {
    putPerMegabyteMs: putFigures(outcome).putPerMegabyteMs,
    brokersPerMegabyteMs: ((brokers.cpuSeconds() - before) * 1e3) / megabytes,
    putMegabytes: putFigures(outcome).putMegabytes,
    residentMegabytes: server.residentMegabytes(),
  } satisfies Figures;
}

/** Puts to four shards of a stream, however many it has. */
async function fourPut(turn: Turn, server: RunningServer, name?: string) {
  const streams = name === undefined ? {} : { streamNames: [name] };
  const keys = ['key-1', 'key-3', 'key-4', 'key-8'];
  return putFigures(await put(turn, server, { ...streams, keys }));
}

/** Of the control plane, by the names of its topics. */
async function bytesByKind(brokers: KafkaBrokers, prefix: string) {
  const topics = await bytesOfTopics(brokers, prefix);
  const sum = (isOf: (topic: string) => boolean) =>
    topics.reduce((total, { topic, bytes }) => total + (isOf(topic) ? bytes : 0), 0);
  const isSnapshot = (topic: string) => topic.endsWith('.snapshots');
  return { snapshot: sum(isSnapshot), journal: sum((topic) => !isSnapshot(topic)) };
}

/** A topic of a thousand partitions by itself, until all of them are led. */
async function makeTopic(brokers: KafkaBrokers): Promise<void> {
  const topic = 'millrace-bench-thousand';
  const settings = { 'min.insync.replicas': '2' };
  await brokers.ask((connection) =>
    connection.createTopic({ topic, partitions: shardCount, replication: 3, settings }),
  );
  await leadersOf(brokers.bootstrap, topic, shardCount);
  await brokers.deleteTopics(topic);
}

/**
 * What a server's memory, without the kernel's, has grown by while it keeps so many connections that have
 * asked for something.
 */
async function withConnections(server: RunningServer, count: number): Promise<number> {
  const before = await heapMegabytes(server);
  const connections: Connection[] = [];
  const signer = new Signer(server.port);
  while (connections.length < count) {
    // One that asks for nothing is not kept for long.
    const connection = await Connection.open(server.port);
    await connection.exchange(signer.request('ListStreams', Buffer.from('{}')));
    connections.push(connection);
  }
  const after = await heapMegabytes(server);
  for (const connection of connections) connection.close();
  return after - before;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}
