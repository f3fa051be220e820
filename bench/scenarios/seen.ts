import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../client.ts';
import { streamName } from '../load.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import { type Look, lookCosts, lookTurns } from '../seen/looks.ts';
import { listAll, openConsole } from '../seen/open-console.ts';
import { inPairs, mediansOf } from '../seen/pairs.ts';
import { getPage, millrace, openTail } from '../seen/tail-client.ts';
import type { Turn } from '../turn.ts';
import { put, putFigures } from './put.ts';

const includes: Scenario['includes'] = ({ name }) => name === 'millrace';

/** The same puts with all that is counted of them and without, in pairs on two servers. */
export const countedPuts: Scenario = {
  name: 'counted-puts',
  group: 'seen',
  includes,
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    await using counted = await turn.start(4);
    await using uncounted = await turn.start(4, { preload: withoutCounting });
    const pairsOf = async (load: Parameters<typeof put>[2]) =>
      mediansOf(await putPairs(turn, (isWith) => (isWith ? counted : uncounted), load));
    const records = await pairsOf(shortest.PutRecords);
    const single = await pairsOf(shortest.PutRecord);
    turn.note({
      countedPutRecordsMicros: records.with,
      uncountedPutRecordsMicros: records.without,
      countingMicros: records.more,
      countedPutRecordMicros: single.with,
      uncountedPutRecordMicros: single.without,
      countingPutMicros: single.more,
    });
  },
};

/** However slow a busy machine is: of a second of the server's CPU, a clock tick of 10 ms is a hundredth. */
const shortest = {
  PutRecords: { requestsMin: 500 },
  PutRecord: { operation: 'PutRecord', connections: 64, requestsMin: 30_000 },
} as const;

const withoutCounting = join(import.meta.dirname, '..', 'seen', 'uncounted.ts');

function putPairs(
  turn: Turn,
  serverOf: (isWith: boolean) => RunningServer,
  load: Parameters<typeof put>[2],
  before: (isWith: boolean) => Promise<() => Promise<void>> = async () => async () => {},
) {
  const seconds = turn.options.seconds / 2;
  const pace = { seconds, warmSeconds: seconds / 4 };
  return inPairs(turn.options.isQuick ? 1 : 3, async (isWith) => {
    const after = await before(isWith);
    try {
      return putFigures(await put(turn, serverOf(isWith), { ...pace, ...load })).putMicros;
    } finally {
      await after();
    }
  });
}

/** Puts with and without an open console beside them, in pairs on one server of 1,000 streams. */
export const besideConsole: Scenario = {
  name: 'beside-console',
  group: 'seen',
  includes,
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    await using server = await turn.start(4);
    await server.createStreams(otherStreams, { ShardCount: 1 });
    await putToAll(turn, server, otherStreams);
    const emptyMegabytes = server.residentMegabytes();
    const trickle = await Trickle.start(server.port, tailed);
    const pairs = await putPairs(
      turn,
      () => server,
      shortest.PutRecords,
      async (isWith) =>
        isWith ? await openConsole(server.port, { stream: streamName, tailed }) : async () => {},
    );
    await trickle.stop();
    const { with: besidePutMicros, without: putMicros, share: besideCpuShare } = mediansOf(pairs);
    const residentMegabytes = server.residentMegabytes();
    turn.note({ putMicros, besidePutMicros, besideCpuShare, emptyMegabytes, residentMegabytes });
  },
};

const otherStreams = Array.from({ length: 999 }, (_, nth) => `stream-${String(nth).padStart(4, '0')}`);
const tailed = otherStreams[0]!;

/** So that all of them have been counted. */
async function putToAll(turn: Turn, server: RunningServer, streamNames: readonly string[]): Promise<void> {
  const seconds = Math.min(1, turn.options.seconds);
  await put(turn, server, {
    operation: 'PutRecord',
    streamNames,
    seconds,
    requestsMin: 1024,
    warmSeconds: 0,
  });
}

/** A hundred records a second into one stream, ten at a time. */
class Trickle {
  readonly #client: Client;
  readonly #stream: string;
  #isOver = false;
  #putting: Promise<void> | undefined;

  static async start(port: number, stream: string): Promise<Trickle> {
    const trickle = new Trickle(await Client.open(port), stream);
    trickle.#putting = trickle.#run();
    return trickle;
  }

  private constructor(client: Client, stream: string) {
    this.#client = client;
    this.#stream = stream;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#putting;
    this.#client.close();
  }

  async #run(): Promise<void> {
    const Records = Array.from({ length: 10 }, (_, nth) => ({ PartitionKey: `${nth}`, Data: 'Zmlyc3Q=' }));
    while (!this.#isOver) {
      await this.#client.callRaw('PutRecords', { StreamName: this.#stream, Records });
      await sleep(100);
    }
  }
}

/** What those who look at 10,000 shards with traffic are answered, and for how long nobody else is. */
export const wideLooks: Scenario = {
  name: 'wide-looks',
  group: 'seen',
  includes,
  rounds: ({ aloneRounds }) => aloneRounds,
  async measure(turn) {
    const flags = ['--metrics', 'on', '--metrics-shards', String(shardCount)];
    const looks = turn.options.isQuick ? 2 : 10;
    const found = new Map<string, Awaited<ReturnType<typeof lookCosts>>>();
    {
      await using server = await turn.start(shardCount, { flags });
      await putToShards(turn, server);
      await eachLook(server, async (name, look) => {
        found.set(name, await lookCosts(server, looks, look));
      });
    }
    await using probed = await turn.start(shardCount, { flags, preload: probe });
    await putToShards(turn, probed);
    await eachLook(probed, async (name, look) => {
      turn.note({ ...found.get(name), ...(await lookTurns(probed, looks, look)) }, undefined, name);
    });
  },
};

const shardCount = 10_000;
const probe = join(import.meta.dirname, '..', 'stall-probe.ts');

/** Small records with keys enough that next to all shards have some; a poller has read each of them. */
async function putToShards(turn: Turn, server: RunningServer): Promise<void> {
  await put(turn, server, { recordBytes: 100, requestsMin: 164, warmSeconds: 0 });
  await Promise.all(
    Array.from({ length: pollers }, async (_, first) => {
      const client = await Client.open(server.port);
      for (let nth = first; nth < shardCount; nth += pollers) await poll(client, nth);
      client.close();
    }),
  );
}

const pollers = 8;

async function poll(client: Client, shard: number): Promise<void> {
  const ShardId = `shardId-${String(shard).padStart(12, '0')}`;
  const asked = { StreamName: streamName, ShardId, ShardIteratorType: 'LATEST' };
  const { ShardIterator } = (await client.call('GetShardIterator', asked)) as { ShardIterator: string };
  await client.call('GetRecords', { ShardIterator });
}

async function eachLook(
  server: RunningServer,
  each: (name: string, look: Look) => Promise<void>,
): Promise<void> {
  const client = await Client.open(server.port, millrace);
  const call = (operation: string, input: object) => async () =>
    (await client.callRaw(operation, input)).length;
  await each('GET /metrics', () => getPage(server.port, '/metrics'));
  await each('GetStreamSight', call('GetStreamSight', { StreamName: streamName }));
  await each('ListStreamSights', () => listAll(client));
  await each('ListReaders', call('ListReaders', {}));
  await each('ListReaders of the stream', call('ListReaders', { StreamName: streamName }));
  await each('GetServerSight', call('GetServerSight', {}));
  client.close();
}

/** 5,000 records of 500 bytes a second into ten shards, without a tail and with one that hears all. */
export const tailed5000: Scenario = {
  name: 'tail',
  group: 'seen',
  includes,
  rounds: ({ aloneRounds }) => aloneRounds,
  async measure(turn) {
    await using server = await turn.start(10);
    const { cpuPercent } = await steadyPuts(turn, server);
    const heard = new Set<string>();
    const tail = await openTail(server.port, streamName, (event, data) => {
      if (event === 'record') heard.add(numberIn(data));
    });
    const { cpuPercent: tailedPercent, acknowledged } = await steadyPuts(turn, server);
    const untilMs = performance.now() + 60_000;
    while (heard.size < acknowledged && performance.now() < untilMs) await sleep(10);
    if (heard.size !== acknowledged) throw new Error(`${heard.size} of ${acknowledged} records were heard`);
    tail.close();
    turn.note({ putsPerSecond, cpuPercent, tailedPercent, tailRecords: heard.size });
  },
};

const putsPerSecond = 5_000;

async function steadyPuts(turn: Turn, server: RunningServer) {
  const seconds = turn.options.seconds * 2.5;
  const load = { operation: 'PutRecords', recordsPerRequest: 100, recordBytes: 500 } as const;
  const pace = { requestsPerSecond: putsPerSecond / 100, warmSeconds: seconds / 10, seconds };
  const outcome = await turn.run(server, { kind: 'open', ...load, ...pace });
  return {
    cpuPercent: (100 * outcome.cpuSeconds) / outcome.seconds,
    acknowledged: outcome.acknowledged,
  };
}

function numberIn(data: string): string {
  const { shardId, sequenceNumber } = JSON.parse(data) as { shardId: string; sequenceNumber: string };
  return `${shardId} ${sequenceNumber}`;
}
