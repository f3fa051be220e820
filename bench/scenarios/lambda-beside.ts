import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../client.ts';
import { openMillrace } from '../contender.ts';
import { BenchFunctions } from '../lambda/functions.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import { put } from './put.ts';
import { putBeside } from './put-beside.ts';

/**
 * PutRecords beside three functions that misbehave, one that throws, one that never answers and one that
 * leaks memory, each called for records of a stream of its own; and without them, in pairs on one server.
 */
export const lambdaBeside: Scenario = {
  name: 'lambda-beside',
  group: 'lambda',
  async measure(turn) {
    await using server = await turn.start(4, { contender: openMillrace });
    await server.createStreams([troubled], { ShardCount: 1 });
    const functions = new BenchFunctions(server);
    const mappings = await mapTroubles(functions);
    const megabytes = async (isBeside: boolean) => {
      await functions.enable(mappings, isBeside);
      await using trickle = isBeside ? new Trickle(server) : undefined;
      const { bytes, seconds } = await put(turn, server, {});
      await trickle?.[Symbol.asyncDispose]();
      return bytes / 1e6 / seconds;
    };
    await putBeside(turn, megabytes);
  },
};

const troubled = 'troubled';

async function mapTroubles(functions: BenchFunctions): Promise<string[]> {
  const throwing = await functions.make('throwing', 'throwing');
  const hanging = await functions.make('hanging', 'hanging', { Timeout: 1 });
  const leaking = await functions.make('leaking', 'leaking', { MemorySize: 128 });
  const mappings: string[] = [];
  for (const { name } of [throwing, hanging, leaking])
    mappings.push(await functions.map(name, { BatchSize: 1, MaximumRetryAttempts: 1 }, troubled));
  return mappings;
}

/** Some records a second for those functions. */
class Trickle implements AsyncDisposable {
  readonly #putting: Promise<void>;
  #isOver = false;

  constructor(server: RunningServer) {
    this.#putting = this.#put(server.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#putting;
  }

  async #put(port: number): Promise<void> {
    const client = await Client.open(port);
    for (let nth = 0; !this.#isOver; nth++) {
      await client.call('PutRecord', {
        StreamName: troubled,
        PartitionKey: `key-${nth}`,
        Data: 'dHJvdWJsZQ==',
      });
      await sleep(50);
    }
    client.close();
  }
}
