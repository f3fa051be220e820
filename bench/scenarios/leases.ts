import { setTimeout as sleep } from 'node:timers/promises';
import { leaseKeyOf, leaseTable, makeLeases } from '../lease-table.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';
import { put } from './put.ts';
import { putBeside } from './put-beside.ts';

const includes: Scenario['includes'] = ({ isOnlyFor, name }) => name === 'millrace' || isOnlyFor === 'tables';

/** Conditional updates of leases, as fast as they go, over 64 connections. */
export const conditionalUpdates: Scenario = {
  name: 'updates',
  group: 'main',
  includes,
  async measure(turn) {
    await using server = await turn.start(1);
    await makeLeases(server.port, leases, 1);
    const pace = paceOf(turn.options);
    const outcome = await turn.run(server, { kind: 'update', leases, ...pace });
    const { records, cpuSeconds, p50Ms, p99Ms } = outcome;
    const updatesPerSecond = records / outcome.seconds;
    turn.note({ updatesPerSecond, updateMicros: (cpuSeconds / records) * 1e6, p50Ms, p99Ms });
  },
};

const leases = 1_000;

/** As fast as they go, for as long as the options say. */
function paceOf({ seconds, warmSeconds }: Turn['options']) {
  return { connections: 64, warmSeconds, seconds, requestsMin: 8, bytesMax: Number.MAX_SAFE_INTEGER };
}

/** GetItem of leases, consistent, over 64 connections. */
export const getItems: Scenario = {
  name: 'gets',
  group: 'main',
  includes,
  async measure(turn) {
    await using server = await turn.start(1);
    await makeLeases(server.port, leases, 1);
    const pace = paceOf(turn.options);
    const inputs = Array.from({ length: leases }, (_, nth) => {
      return { TableName: leaseTable, Key: { leaseKey: { S: leaseKeyOf(nth) } }, ConsistentRead: true };
    });
    const call = { kind: 'call', service: 'dynamodb', operation: 'GetItem', inputs } as const;
    const { records, cpuSeconds, seconds: took, p50Ms, p99Ms } = await turn.run(server, { ...call, ...pace });
    turn.note({ itemsPerSecond: records / took, itemMicros: (cpuSeconds / records) * 1e6, p50Ms, p99Ms });
  },
};

/** Twenty workers on 5,000 leases for minutes: whether memory grows. */
export const leaseFleet: Scenario = {
  name: 'fleet',
  group: 'big',
  rounds: () => 1,
  includes: ({ name }) => name === 'millrace',
  async measure(turn) {
    await using server = await turn.start(1);
    const [workers, count] = turn.options.isQuick ? [4, 100] : [20, 5_000];
    await makeLeases(server.port, count, workers);
    const seconds = turn.options.fleetMinutes * 60;
    const samples: number[] = [];
    let isOver = false;
    const watch = async () => {
      while (!isOver) {
        samples.push(server.residentMegabytes());
        await sleep(Math.min(1_000, seconds * 100));
      }
    };
    const watching = watch();
    const outcome = await turn.run(server, { kind: 'fleet', workers, leases: count, seconds }).finally(() => {
      isOver = true;
    });
    await watching;
    const { renewals, p50Ms, p99Ms, cpuSeconds } = outcome;
    // The first minutes fill the young generation and the tail; what comes after them shall not grow.
    const third = Math.ceil(samples.length / 3);
    turn.note({
      updatesPerSecond: renewals / outcome.seconds,
      cpuPercent: (100 * cpuSeconds) / outcome.seconds,
      p50Ms,
      p99Ms,
      earlierMegabytes: Math.max(...samples.slice(third, 2 * third)),
      laterMegabytes: Math.max(...samples.slice(2 * third), samples.at(-1)!),
    });
  },
};

/** PutRecords with and without a fleet of 200 leases beside it, in pairs on one server. */
export const besideFleet: Scenario = {
  name: 'beside-fleet',
  group: 'main',
  includes: ({ name }) => name === 'millrace',
  async measure(turn) {
    await using server = await turn.start(4);
    const crew = { workers: 4, leases: 200 };
    await makeLeases(server.port, crew.leases, crew.workers);
    const megabytes = async (isBeside: boolean) => {
      const { bytes, seconds } = await put(turn, server, isBeside ? { fleet: crew } : {});
      return bytes / 1e6 / seconds;
    };
    await putBeside(turn, megabytes);
  },
};
