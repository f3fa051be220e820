import { loadavg } from 'node:os';
import { gatewayOf } from '../contender.ts';
import type { Scenario } from '../scenarios.ts';

/**
 * 500 records of 1 KiB a second, so many to a request, in an open loop: from a put to its answer, and, in a
 * load of its own, to its event at one registered consumer.
 */
export const kafkaLatency: Scenario = {
  name: 'kafka-latency',
  group: 'kafka',
  isCrowded: true,
  points: { thorough: [1, 5], quick: [1, 5] },
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    await using cluster = brokers.newCluster();
    await using server = await turn.start(1, { contender: gatewayOf(cluster) });
    const { seconds } = turn.options;
    const recordsPerPut = turn.at;
    const events = await turn.run(server, {
      kind: 'fan-out',
      ...{ consumers: 1, recordsPerSecond, recordsPerPut },
      ...{ warmSeconds: Math.max(2, seconds), seconds: 2 * seconds },
    });
    const puts = await turn.run(server, {
      kind: 'open',
      ...(recordsPerPut === 1
        ? { operation: 'PutRecord' }
        : { operation: 'PutRecords', recordsPerRequest: recordsPerPut }),
      requestsPerSecond: recordsPerSecond / recordsPerPut,
      ...{ warmSeconds: seconds / 2, seconds: 2 * seconds },
    });
    const raw = await brokers.produce(1, {
      ...{ inFlight: 8, recordsPerRequest: recordsPerPut, recordBytes: 1024 },
      ...{ requestsPerSecond: recordsPerSecond / recordsPerPut, warmSeconds: seconds / 2, seconds: 2 * seconds },
    });
    turn.note({
      loadAverage: loadavg()[0]!,
      p50Ms: puts.p50Ms,
      p99Ms: puts.p99Ms,
      maxMs: puts.maxMs,
      rawP50Ms: raw.p50Ms,
      rawP99Ms: raw.p99Ms,
      eventP50Ms: events.fromSend.p50Ms,
      eventP99Ms: events.fromSend.p99Ms,
      dueP50Ms: events.fromDue.p50Ms,
      dueP99Ms: events.fromDue.p99Ms,
      fanOutPerSecond: events.records / events.seconds,
      cpuPercent: (events.cpuSeconds / events.seconds) * 100,
      pauseMs: events.pauseMs,
    });
  },
};

/** AWS's headline of 70 ms is of small loads: a shard takes twice as much. */
const recordsPerSecond = 500;
