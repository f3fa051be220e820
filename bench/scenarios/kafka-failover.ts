import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayOf } from '../contender.ts';
import { SteadyPuts } from '../kafka/steady-puts.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';

const shardCount = 4;
/** Before something is killed, and until puts are long as before. */
const calmMs = 3000;
const afterMs = 8000;

/**
 * A broker is killed, each of the three in its turn: from the kill to puts of every shard being acknowledged.
 */
export const kafkaBrokerKilled: Scenario = {
  name: 'kafka-broker-killed',
  group: 'kafka',
  isCrowded: true,
  points: { thorough: [1, 2, 3], quick: [1] },
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    await using cluster = brokers.newCluster();
    await using server = await turn.start(shardCount, { contender: gatewayOf(cluster) });
    const puts = new SteadyPuts([server.port], shardCount);
    await sleep(calmMs);
    const killedMs = performance.now();
    await brokers.kill(turn.at);
    await sleep(afterMs);
    await puts.stop();
    await brokers.restart(turn.at);
    noteFailover(turn, puts, killedMs);
  },
};

/** One of two gateways is killed; clients of both try the other one when a put fails. */
export const kafkaGatewayKilled: Scenario = {
  name: 'kafka-gateway-killed',
  group: 'kafka',
  isCrowded: true,
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    await using cluster = brokers.newCluster();
    await using stays = await turn.start(shardCount, { contender: gatewayOf(cluster) });
    await using goes = await turn.start(0, { contender: gatewayOf(cluster) });
    const puts = new SteadyPuts([stays.port, goes.port], shardCount);
    await sleep(calmMs);
    const killedMs = performance.now();
    await goes.stop('SIGKILL');
    await sleep(afterMs);
    await puts.stop();
    noteFailover(turn, puts, killedMs);
  },
};

function noteFailover(turn: Turn, puts: SteadyPuts, killedMs: number): void {
  const before = puts.between(0, killedMs);
  const during = puts.between(killedMs - 1000, killedMs + afterMs);
  const resumed = puts.resumedMs(killedMs);
  turn.note({
    loadAverage: loadavg()[0]!,
    resumedMs: Math.max(...resumed),
    leastResumedMs: Math.min(...resumed),
    longestPutMs: during.maxMs,
    failedAttempts: during.failures,
    p50Ms: before.p50Ms,
    p99Ms: before.p99Ms,
  });
  if (puts.firstFailure !== undefined) console.log(`  failed first with: ${puts.firstFailure}`);
}
