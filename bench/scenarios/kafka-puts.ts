import { loadavg } from 'node:os';
import { median } from '../../harness/statistics.ts';
import { gatewayOf } from '../contender.ts';
import type { KafkaBrokers } from '../kafka/brokers.ts';
import type { Outcome, PutLoad } from '../load.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';
import { put } from './put.ts';

/**
 * PutRecords of 500 records of 1 KiB through one gateway to so many shards, next to what the client library
 * does by itself, to the same brokers, and to the embedded engine: all in one turn, JSON and CBOR.
 */
export const kafkaPuts: Scenario = {
  name: 'kafka',
  group: 'kafka',
  isCrowded: true,
  points: { thorough: [4, 16], quick: [4] },
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    const embedded = await embeddedMicros(turn);
    await using cluster = brokers.newCluster();
    await using server = await turn.start(turn.at, { contender: gatewayOf(cluster) });
    const raws = [await raw(turn, brokers)];
    const inJson = await puts(turn, server, brokers, {});
    raws.push(await raw(turn, brokers));
    const inCbor = await puts(turn, server, brokers, { encoding: 'CBOR' });
    raws.push(await raw(turn, brokers));
    const [first, second, third] = raws.map(({ perSecond }) => perSecond);
    turn.note({
      loadAverage: loadavg()[0]!,
      rawPerSecond: median(raws.map(({ perSecond }) => perSecond)),
      rawMicros: median(raws.map(({ micros }) => micros)),
      jsonPerSecond: inJson.perSecond,
      cborPerSecond: inCbor.perSecond,
      jsonShare: inJson.perSecond / ((first! + second!) / 2),
      cborShare: inCbor.perSecond / ((second! + third!) / 2),
      jsonPutRecordsMicros: inJson.micros,
      cborPutRecordsMicros: inCbor.micros,
      ...embedded,
      jsonOverMicros: inJson.micros - embedded.jsonEmbeddedMicros,
      cborOverMicros: inCbor.micros - embedded.cborEmbeddedMicros,
      p50Ms: inJson.p50Ms,
      p99Ms: inJson.p99Ms,
      brokersPerMegabyteMs: median([inJson.brokersPerMegabyteMs, inCbor.brokersPerMegabyteMs]),
      residentMegabytes: server.residentMegabytes(),
    });
  },
};

/** Requests under way: the same for all. */
const inFlight = 8;

async function raw(turn: Turn, brokers: KafkaBrokers) {
  const { seconds, warmSeconds } = turn.options;
  const order = { inFlight, recordsPerRequest: 500, recordBytes: 1024, warmSeconds, seconds };
  const outcome = await brokers.produce(turn.at, order);
  return {
    perSecond: outcome.records / outcome.seconds,
    micros: (outcome.cpuSeconds / outcome.records) * 1e6,
  };
}

async function embeddedMicros(turn: Turn) {
  await using server = await turn.start(turn.at);
  return {
    jsonEmbeddedMicros: microsOf(await put(turn, server, { connections: inFlight })),
    cborEmbeddedMicros: microsOf(await put(turn, server, { connections: inFlight, encoding: 'CBOR' })),
  };
}

async function puts(turn: Turn, server: RunningServer, brokers: KafkaBrokers, load: Partial<PutLoad>) {
  const before = brokers.cpuSeconds();
  const outcome = await put(turn, server, { connections: inFlight, ...load });
  const brokerSeconds = brokers.cpuSeconds() - before;
  const { records, seconds, p50Ms, p99Ms, acknowledged } = outcome;
  return {
    perSecond: records / seconds,
    micros: microsOf(outcome),
    brokersPerMegabyteMs: (brokerSeconds * 1e3) / ((acknowledged * 1024) / 1e6),
    ...{ p50Ms, p99Ms },
  };
}

function microsOf({ cpuSeconds, records }: Outcome): number {
  return (cpuSeconds / records) * 1e6;
}
