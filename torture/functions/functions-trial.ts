import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionEvent } from '../../harness/mappings/function-event.ts';
import { HttpLambdaClient } from '../../harness/mappings/http-lambda-client.ts';
import { sightPath } from '../../harness/mappings/lambda-client.ts';
import type { SeededRandom } from '../../harness/random.ts';
import { Client } from '../client.ts';
import type { Round } from '../fault.ts';
import { millrace, ServerProcess } from '../server-process.ts';
import type { Workshop } from '../workshop.ts';
import { childrenOf } from './children.ts';
import { doneBy, type GivenUp, miscounted, missed, overtaken, repeated, type Sighting } from './judgement.ts';
import { Ledger } from './ledger.ts';
import { Producer } from './producer.ts';
import { kinds, makeMapping, type TorturedMapping } from './tortured-mapping.ts';
import { zipped } from './zipped.ts';

/** What was done to the server and its functions so far, over all trials. */
export type Tally = {
  servers: number;
  functions: number;
  processed: number;
  givenUp: number;
};

const streamName = 'tortured';
const source = new URL('ledger-function.mjs', import.meta.url);

/** A server with functions of real Node processes, whose lives are short. */
export class FunctionsTrial implements AsyncDisposable {
  readonly #workshop: Workshop;
  readonly #random: SeededRandom;
  readonly #directory: string;
  readonly #tally: Tally;
  readonly #ledger: Ledger;
  readonly #lambda: HttpLambdaClient;
  readonly #producer: Producer;
  readonly #sightings: Sighting[] = [];
  readonly #watching: Promise<void>;
  #server: ServerProcess | undefined;
  #mappings: TorturedMapping[] = [];
  #counted = 0;
  /** By mapping, what the tally has of it. */
  readonly #settled = new Map<string, { readonly done: number; readonly givenUp: number }>();
  #said = new Set<string>();
  #isOver = false;

  /** `directory` is its own; what is in it stays. */
  constructor(workshop: Workshop, random: SeededRandom, directory: string, tally: Tally) {
    this.#workshop = workshop;
    this.#random = random;
    this.#directory = directory;
    this.#tally = tally;
    // Functions may be other users of this machine.
    chmodSync(directory, 0o711);
    this.#ledger = new Ledger(join(directory, 'ledger'));
    const port = () => this.#server?.port;
    this.#lambda = new HttpLambdaClient('owner', port);
    this.#producer = new Producer(port, streamName, random.fork());
    this.#producer.hold(true);
    this.#watching = this.#watch();
  }

  /** A server, a stream, and a mapping of each kind; throws where that cannot be had. */
  async begin(): Promise<void> {
    if (!(await this.#start())) throw new Error(this.#server!.complaint);
    const client = new Client('creator', () => this.#server?.port);
    await client.call('CreateStream', { StreamName: streamName, ShardCount: 2 });
    while (!(await isActive(client))) await sleep(20);
    client.close();
    const text = readFileSync(source, 'utf8');
    const folder = join(this.#directory, 'code');
    mkdirSync(folder, { mode: 0o755 });
    copyFileSync(source, join(folder, 'index.mjs'));
    const codes = [{ zip: await zipped('index.mjs', text) }, { folder }];
    const streamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${streamName}`;
    for (const [index, kind] of kinds.entries()) {
      const code = codes[index % codes.length]!;
      this.#mappings.push(
        await makeMapping(this.#lambda, kind, { streamArn, code, ledger: this.#ledger.path }),
      );
    }
    this.#producer.hold(false);
  }

  /** Lets all work for a while, and then kills the server, or a function of it, in the middle of it. */
  async kill(): Promise<Round> {
    await this.#work();
    if (this.#random.chance(0.2)) await this.#reshard();
    await sleep(this.#random.real(0, 100));
    const isFunction = this.#random.chance(0.4) && this.#killFunction();
    const violations = isFunction ? [] : await this.#killServer();
    return this.#verdict([...violations, ...this.#judgeRepeats()]);
  }

  /** Puts no more, waits until all that was put is done or given up, and judges all of it. */
  async audit(): Promise<Round> {
    this.#producer.hold(true);
    const violations: string[] = [];
    for (const mapping of this.#mappings) violations.push(...(await this.#judge(mapping)));
    this.#producer.hold(false);
    return this.#verdict([...violations, ...this.#judgeRepeats()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#server?.kill();
    await this.#producer.close();
    await this.#watching;
  }

  /** Until so many more records were put and so much more was written by functions, or that takes long. */
  async #work(): Promise<void> {
    const puts = this.#producer.acknowledged.size + this.#random.between(0, 150);
    const told = this.#ledger.end + this.#random.between(0, 20_000);
    for (let waitedMs = 0; waitedMs < workMsMax; waitedMs += lookMs) {
      if (this.#producer.acknowledged.size >= puts && this.#ledger.end >= told) return;
      await sleep(lookMs);
    }
  }

  async #start(): Promise<boolean> {
    const data = join(this.#directory, 'data');
    mkdirSync(data, { recursive: true });
    this.#server = new ServerProcess(this.#workshop, millrace(data));
    return await this.#server.isReady();
  }

  async #killServer(): Promise<string[]> {
    const server = this.#server!;
    const ended = server.hasEnded ? [`ended: the server ended by itself: ${server.complaint}`] : [];
    const children = childrenOf(server.pid);
    await server.kill();
    this.#tally.servers++;
    const left = await outlived(children);
    const outlivers =
      left.length > 0 ? [`outlived: ${left.length} processes of functions outlive the server`] : [];
    const started = (await this.#start()) ? [] : [`no start: ${this.#server!.complaint}`];
    return [...ended, ...outlivers, ...started];
  }

  /** False where no process of a function is there, or the one that was has ended by itself. */
  #killFunction(): boolean {
    const pids = childrenOf(this.#server!.pid);
    if (pids.length === 0) return false;
    try {
      process.kill(this.#random.pick(pids), 'SIGKILL');
    } catch {
      return false;
    }
    this.#tally.functions++;
    return true;
  }

  async #reshard(): Promise<void> {
    const client = new Client('resharder', () => this.#server?.port);
    const TargetShardCount = this.#random.between(1, 4);
    await client.call('UpdateShardCount', {
      StreamName: streamName,
      TargetShardCount,
      ScalingType: 'UNIFORM_SCALING',
    });
    client.close();
  }

  /** Asks the server over and over how far its mappings are. */
  async #watch(): Promise<void> {
    type Sight = { readonly UUID: string; readonly Shards: readonly ShardSight[] };
    type ShardSight = { readonly ShardId: string; readonly DoneRecords: number };
    while (!this.#isOver) {
      const answer = await this.#lambda.ask<{ readonly Mappings: readonly Sight[] }>('GET', sightPath);
      if (answer.kind === 'output') {
        const ledgerEnd = this.#ledger.end;
        for (const { UUID, Shards } of answer.output.Mappings) {
          const name = this.#mappings.find(({ uuid }) => uuid === UUID)?.name;
          if (name === undefined) continue;
          for (const { ShardId: shard, DoneRecords: done } of Shards)
            this.#sightings.push({ name, shard, done, ledgerEnd });
        }
      }
      await sleep(lookMs);
    }
  }

  /** Waits until it has nothing left to do, and answers what it has left out all the same. */
  async #judge(mapping: TorturedMapping): Promise<string[]> {
    const { name, manner } = mapping;
    const puts = this.#producer.acknowledged;
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      const lines = this.#ledger.read();
      const givenUp = await this.#givenUp(mapping);
      const done = doneBy(name, lines);
      const left = [
        ...missed(mapping, puts, done, givenUp),
        ...(manner === 'window' ? miscounted(name, lines, puts) : []),
      ];
      if (left.length === 0 || waitedMs > patienceMs) {
        const before = this.#settled.get(name);
        this.#settled.set(name, { done: done.size, givenUp: givenUp.length });
        this.#tally.processed += done.size - (before?.done ?? 0);
        this.#tally.givenUp += givenUp.length - (before?.givenUp ?? 0);
        return [...left, ...overtaken(name, lines)];
      }
      await sleep(pollMs);
    }
  }

  async #givenUp({ uuid }: TorturedMapping): Promise<GivenUp[]> {
    type Listed = { readonly Failures: readonly { readonly Number: number }[]; readonly NextMarker?: string };
    const path = `${sightPath}/${uuid}/failures`;
    const all: GivenUp[] = [];
    for (let page: string | undefined = path; page !== undefined; ) {
      const { Failures, NextMarker }: Listed = await this.#lambda.must('GET', page);
      for (const { Number: number } of Failures) {
        const { Event } = await this.#lambda.must<{ Event?: string }>('GET', `${path}/${number}`);
        if (Event !== undefined) all.push(...recordsIn(JSON.parse(Event)));
      }
      page = NextMarker === undefined ? undefined : `${path}?Marker=${encodeURIComponent(NextMarker)}`;
    }
    return all;
  }

  #judgeRepeats(): string[] {
    return [...repeated(this.#ledger.read(), this.#sightings)];
  }

  #verdict(violations: readonly string[]): Round {
    const all = this.#producer.acknowledged.size;
    const round = {
      acknowledged: all - this.#counted,
      violations: violations.filter((said) => !this.#said.has(said)),
    };
    for (const said of violations) this.#said.add(said);
    this.#counted = all;
    return round;
  }
}

const lookMs = 100;
const workMsMax = 30_000;
const pollMs = 500;
/** Long: a slow machine is no broken promise. */
const patienceMs = 300_000;

function recordsIn({ Records }: FunctionEvent): GivenUp[] {
  return Records.map(({ kinesis }) => {
    const data = Buffer.from(kinesis.data, 'base64').toString();
    return { id: data.split(' ')[0]!, data };
  });
}

/** Those that are still there a while after the server has ended. */
async function outlived(pids: readonly number[]): Promise<number[]> {
  let left = [...pids];
  for (let waitedMs = 0; waitedMs < endMsMax && left.length > 0; waitedMs += 20) {
    await sleep(20);
    left = left.filter(isThere);
  }
  return left;
}

const endMsMax = 60_000;

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}

async function isActive(client: Client): Promise<boolean> {
  type Summary = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };
  const answer = await client.call<Summary>('DescribeStreamSummary', { StreamName: streamName });
  return answer.kind === 'output' && answer.output.StreamDescriptionSummary.StreamStatus === 'ACTIVE';
}
