import { loadavg } from 'node:os';
import { gatewayOf } from '../contender.ts';
import type { Figures } from '../figures.ts';
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
  points: { thorough: [4, 16], quick: [4] },
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    const rawBefore = await raw(turn, brokers);
    const embedded = await embeddedMicros(turn);
    const gateway = await throughGateway(turn, brokers);
    const rawAfter = await raw(turn, brokers);
    const rawPerSecond = (rawBefore.perSecond + rawAfter.perSecond) / 2;
    turn.note({
      loadAverage: loadavg()[0]!,
      rawPerSecond,
      rawMicros: (rawBefore.micros + rawAfter.micros) / 2,
      ...gateway,
      ...embedded,
      jsonShare: gateway.jsonPerSecond / rawPerSecond,
      cborShare: gateway.cborPerSecond / rawPerSecond,
      jsonOverMicros: gateway.jsonPutRecordsMicros - embedded.jsonEmbeddedMicros,
      cborOverMicros: gateway.cborPutRecordsMicros - embedded.cborEmbeddedMicros,
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
    jsonEmbeddedMicros: microsOf(await puts(turn, server, {})),
    cborEmbeddedMicros: microsOf(await puts(turn, server, { encoding: 'CBOR' })),
  };
}

async function throughGateway(turn: Turn, brokers: KafkaBrokers) {
  await using cluster = brokers.newCluster();
  await using server = await turn.start(turn.at, { contender: gatewayOf(cluster) });
  const before = brokers.cpuSeconds();
  const inJson = await puts(turn, server, {});
  const inCbor = await puts(turn, server, { encoding: 'CBOR' });
  const brokerSeconds = brokers.cpuSeconds() - before;
  const megabytes = ((inJson.acknowledged + inCbor.acknowledged) * 1024) / 1e6;
  return {
    jsonPerSecond: inJson.records / inJson.seconds,
    cborPerSecond: inCbor.records / inCbor.seconds,
    jsonPutRecordsMicros: microsOf(inJson),
    cborPutRecordsMicros: microsOf(inCbor),
    p50Ms: inJson.p50Ms,
    p99Ms: inJson.p99Ms,
    brokersPerMegabyteMs: (brokerSeconds * 1e3) / megabytes,
    residentMegabytes: server.residentMegabytes(),
  } satisfies Figures;
}

/** What brokers use is part of the run and no disturbance. */
function puts(turn: Turn, server: RunningServer, load: Partial<PutLoad>): Promise<Outcome> {
  return put(turn, server, { connections: inFlight, ...load });
}

function microsOf({ cpuSeconds, records }: Outcome): number {
  return (cpuSeconds / records) * 1e6;
}
