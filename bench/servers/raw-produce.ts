/**
 * What the client library does by itself: record batches of 500, from encoding to acks=all, over connections
 * of which each has a request under way, to all partitions of a topic in turn.
 */
import { randomBytes } from 'node:crypto';
import { type Connection, produceV11 } from '@platformatic/kafka';
import { latencyOf } from '../../harness/statistics.ts';
import { connectedTo, leadersOf } from '../kafka/library.ts';
import { until } from '../schedule.ts';

export type RawOrder = {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly inFlight: number;
  /** An open loop at such a rate; without it, a request follows the answer to the one before. */
  readonly requestsPerSecond?: number;
  readonly recordsPerRequest: number;
  readonly recordBytes: number;
  readonly warmSeconds: number;
  readonly seconds: number;
};

export type RawOutcome = {
  readonly records: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

const allInSync = -1;
const timeoutMs = 30_000;

const order: RawOrder = JSON.parse(process.argv[2]!);
const outcome = await (order.requestsPerSecond === undefined ? produce(order) : openLoop(order));
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));

async function produce(order: RawOrder): Promise<RawOutcome> {
  const { topic, recordsPerRequest, inFlight, warmSeconds, seconds } = order;
  const leaders = await leadersOf(order.bootstrap, topic, order.partitions);
  const corpus = Array.from({ length: 16 }, () => payload(order));
  const startMs = performance.now() + warmSeconds * 1000;
  const endMs = startMs + seconds * 1000;
  const latencies: number[] = [];
  let cpu: NodeJS.CpuUsage | undefined;
  const lane = async (nth: number) => {
    const { partition, host, port } = leaders[nth % leaders.length]!;
    const connection = await connectedTo(host, port);
    for (let count = nth; performance.now() < endMs; count++) {
      if (cpu === undefined && performance.now() >= startMs) cpu = process.cpuUsage();
      const sentMs = performance.now();
      await produceOnce(connection, topic, partition, corpus[count % corpus.length]!);
      const nowMs = performance.now();
      if (sentMs >= startMs && nowMs < endMs) latencies.push(nowMs - sentMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, nth) => lane(nth)));
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  return { ...latencyOf(latencies), records: latencies.length * recordsPerRequest, seconds, cpuSeconds };
}

/** Latencies count from when a request was due. Connections take turns, and may have several under way. */
async function openLoop(order: RawOrder): Promise<RawOutcome> {
  const { topic, recordsPerRequest, inFlight, warmSeconds, seconds, requestsPerSecond } = order;
  const leaders = await leadersOf(order.bootstrap, topic, order.partitions);
  const lanes = await Promise.all(
    Array.from({ length: inFlight }, async (_, nth) => {
      const { partition, host, port } = leaders[nth % leaders.length]!;
      return { partition, connection: await connectedTo(host, port) };
    }),
  );
  const records = payload(order);
  const beginMs = performance.now();
  const warm = warmSeconds * requestsPerSecond!;
  const latencies: number[] = [];
  const sent: Promise<void>[] = [];
  for (let nth = 0; nth < warm + seconds * requestsPerSecond!; nth++) {
    const dueMs = beginMs + (nth * 1000) / requestsPerSecond!;
    await until(dueMs);
    const { connection, partition } = lanes[nth % lanes.length]!;
    const produced = produceOnce(connection, topic, partition, records).then(() => {
      if (nth >= warm) latencies.push(performance.now() - dueMs);
    });
    sent.push(produced);
  }
  await Promise.all(sent);
  return { ...latencyOf(latencies), records: latencies.length * recordsPerRequest, seconds, cpuSeconds: 0 };
}

type Payload = readonly { readonly key: Buffer; readonly value: Buffer }[];

function payload({ recordsPerRequest, recordBytes }: RawOrder): Payload {
  return Array.from({ length: recordsPerRequest }, () => ({
    key: Buffer.from(randomBytes(8).toString('hex')),
    value: randomBytes(recordBytes),
  }));
}

async function produceOnce(connection: Connection, topic: string, partition: number, records: Payload) {
  const messages = records.map(({ key, value }) => ({ key, value, topic, partition }));
  await produceV11.api.async(connection, allInSync, timeoutMs, messages);
}
