import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayOf } from '../contender.ts';
import { bytesOfTopics, type TopicBytes } from '../kafka/topic-bytes.ts';
import { treeCpuSeconds } from '../process-tree.ts';
import type { Scenario } from '../scenarios.ts';

/** What two gateways and their brokers cost while nobody asks for anything, and what a start takes. */
export const kafkaIdle: Scenario = {
  name: 'kafka-idle',
  group: 'kafka',
  isCrowded: true,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    await using cluster = brokers.newCluster();
    await using first = await turn.start(4, { contender: gatewayOf(cluster) });
    await using second = await turn.start(0, { contender: gatewayOf(cluster) });
    await sleep(5000);
    const prefix = `millrace.${cluster.name}.`;
    const before = await bytesOfTopics(brokers, `${prefix}control.`);
    const cpuBefore = [treeCpuSeconds(first.pid), brokers.cpuSeconds()] as const;
    await sleep(idleMs);
    const cpuAfter = [treeCpuSeconds(first.pid), brokers.cpuSeconds()] as const;
    const after = await bytesOfTopics(brokers, `${prefix}control.`);
    const seconds = idleMs / 1000;
    turn.note({
      loadAverage: loadavg()[0]!,
      // The first to start of a cluster makes its topics.
      startMs: second.startMs,
      firstStartMs: first.startMs,
      cpuPercent: ((cpuAfter[0] - cpuBefore[0]) / seconds) * 100,
      brokersPercent: ((cpuAfter[1] - cpuBefore[1]) / seconds) * 100,
      residentMegabytes: second.residentMegabytes(),
      // Two gateways have done it.
      heartbeatMegabytes: ((total(after) - total(before)) / 2 / seconds) * (3600 / 1e6),
    });
  },
};

const idleMs = 20_000;

function total(topics: readonly TopicBytes[]): number {
  return topics.reduce((sum, { bytes }) => sum + bytes, 0);
}
