import type { Contender } from './contender.ts';
import type { PutLoad } from './load.ts';
import type { LoadGenerator } from './load-generator.ts';
import { measureShards } from './many-shards.ts';
import type { Choice, Options } from './options.ts';
import type { Measured, Scenario } from './results.ts';
import type { RunningServer } from './running-server.ts';

/** What is done to a server of its own: when, to whose, and how. */
export type Plan = {
  readonly scenario: Scenario;
  /** It is done when one of these is chosen. */
  readonly choices: readonly Choice[];
  /** Of the server's stream. */
  readonly shardCount: number;
  rounds(options: Options): number;
  includes(contender: Contender): boolean;
  measure(turn: Turn): Promise<Measured>;
};

export type Turn = {
  readonly server: RunningServer;
  readonly contender: Contender;
  readonly generator: LoadGenerator;
  readonly options: Options;
};

const everybody = () => true;

/** In the order of a round. */
export const plans: readonly Plan[] = [
  {
    scenario: 'fill',
    choices: ['memory'],
    shardCount: 4,
    rounds: ({ fillBytes }) => (fillBytes > 0 ? 1 : 0),
    includes: ({ isFilled }) => isFilled,
    measure: (turn) => put(turn, { warmSeconds: 0, seconds: 3600, bytesMax: turn.options.fillBytes }),
  },
  {
    scenario: 'PutRecords',
    choices: ['put', 'get'],
    shardCount: 4,
    rounds: ({ rounds }) => rounds,
    includes: everybody,
    measure: putAndGet,
  },
  {
    scenario: 'PutRecord',
    choices: ['put'],
    shardCount: 4,
    rounds: ({ putRecordRounds }) => putRecordRounds,
    includes: everybody,
    measure: (turn) => put(turn, { operation: 'PutRecord', connections: 64 }),
  },
  {
    scenario: 'start',
    choices: ['start'],
    shardCount: 4,
    rounds: ({ rounds }) => rounds,
    includes: everybody,
    measure: async () => ({}),
  },
  fanOut('fan-out 1', 1),
  fanOut('fan-out 20', 20),
  manyShards('shards 10', 10),
  manyShards('shards 1000', 1000),
  manyShards('shards 10000', 10_000),
];

async function put({ server, generator, options }: Turn, load: Partial<PutLoad>): Promise<Measured> {
  const { seconds, warmSeconds } = options;
  const usual = { operation: 'PutRecords', connections: 8, requestsMin: 8, bytesMax: timedBytesMax } as const;
  const outcome = await generator.run(server, { ...usual, seconds, warmSeconds, ...load, kind: 'put' });
  return { put: outcome, residentBytes: server.residentBytes() };
}

/** What a run keeps in the memory of a server that keeps everything there. */
const timedBytesMax = 1_500_000_000;

async function putAndGet(turn: Turn): Promise<Measured> {
  const measured = await put(turn, {});
  if (!turn.options.choices.includes('get') || !turn.contender.readsBack) return measured;
  const load = { kind: 'get', recordsExpected: measured.put!.acknowledged } as const;
  return { ...measured, get: await turn.generator.run(turn.server, load) };
}

function fanOut(scenario: Scenario, consumers: number): Plan {
  return {
    scenario,
    choices: ['fan-out'],
    shardCount: 1,
    rounds: ({ aloneRounds }) => aloneRounds,
    includes: ({ isMeasuredAlone }) => isMeasuredAlone,
    async measure({ server, generator, options }) {
      // Two hundred puts a second warm a server more slowly than as many as it takes.
      const load = { kind: 'fan-out', warmSeconds: options.seconds, seconds: options.seconds } as const;
      return { fanOut: await generator.run(server, { ...load, consumers }) };
    },
  };
}

function manyShards(scenario: Scenario, shardCount: number): Plan {
  return {
    scenario,
    choices: ['shards'],
    shardCount,
    rounds: ({ aloneRounds }) => aloneRounds,
    includes: ({ isMeasuredAlone }) => isMeasuredAlone,
    async measure({ server, generator, options }) {
      return { shards: await measureShards(server, generator, shardCount, options.seconds / 2) };
    },
  };
}
