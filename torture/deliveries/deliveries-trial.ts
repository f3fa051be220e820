import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { s3Credentials } from '../../harness/objects/fake-s3.ts';
import type { SeededRandom } from '../../harness/random.ts';
import type { SignedService } from '../../harness/signer.ts';
import { Client } from '../client.ts';
import type { Round } from '../fault.ts';
import { type Command, millrace, ServerProcess, sometimesEncrypted } from '../server-process.ts';
import type { Workshop } from '../workshop.ts';
import { type Delivered, DeliveredTexts } from './delivered-texts.ts';
import { misdelivered, missing } from './delivery-judgement.ts';
import { FlightProducer } from './flight-producer.ts';
import { KeptObjects } from './kept-objects.ts';
import { ObjectProcess } from './object-process.ts';
import { bucket, deliveries, doorOf, type SourceName, type TorturedDelivery } from './tortured-delivery.ts';

/** What was done so far, over all trials; of deliveries what audits have counted, by name. */
export type Tally = {
  servers: number;
  stores: number;
  objects: number;
  readonly delivered: Map<string, number>;
};

/** A server and a store of objects, whose lives are short, and a delivery of each kind between them. */
export class DeliveriesTrial implements AsyncDisposable {
  readonly #workshop: Workshop;
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  readonly #kept: KeptObjects;
  readonly #store: ObjectProcess;
  readonly #texts = new DeliveredTexts();
  readonly #producers: ReadonlyMap<SourceName, FlightProducer>;
  readonly #command: () => Command;
  /** By delivery, what the tally has of it. */
  readonly #settled = new Map<string, number>();
  readonly #said = new Set<string>();
  #server: ServerProcess | undefined;
  #counted = 0;
  #objects = 0;

  /** `directory` is its own; what is in it stays. */
  constructor(workshop: Workshop, random: SeededRandom, directory: string, tally: Tally) {
    this.#workshop = workshop;
    this.#random = random;
    this.#tally = tally;
    const folder = join(directory, bucket);
    this.#kept = new KeptObjects(folder);
    this.#store = new ObjectProcess(workshop, random.fork(), folder);
    const workers = random.pick([0, 0, 1]);
    const flags = sometimesEncrypted(random);
    const env = {
      AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
    };
    this.#command = () =>
      millrace(join(directory, 'data'), { workers, env, flags: [...flags, '--s3', this.#store.url] });
    this.#producers = new Map(
      (['direct', 'stream', 'demand'] as const).map((name) => {
        const client = this.#client(name === 'direct' ? firehose : undefined);
        return [name, new FlightProducer(name, client, doorOf(name), random.fork())];
      }),
    );
  }

  /** Both, the streams, and all deliveries; throws where that cannot be had. */
  async begin(): Promise<void> {
    await this.#store.start();
    if (!(await this.#start())) throw new Error(this.#server!.complaint);
    const kinesis = this.#client();
    const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };
    await must(kinesis, 'CreateStream', { StreamName: 'stream', ShardCount: 2 });
    await must(kinesis, 'CreateStream', { StreamName: 'demand', ...onDemand });
    for (const StreamName of ['stream', 'demand'])
      await untilActive(() => must(kinesis, 'DescribeStreamSummary', { StreamName }));
    for (const delivery of deliveries) await this.#make(delivery, kinesis);
    kinesis.close();
    for (const producer of this.#producers.values()) producer.go();
  }

  /** Lets all work for a while, and then kills the server, the store, or both in the middle of it. */
  async kill(): Promise<Round> {
    await this.#work();
    if (this.#random.chance(0.3)) await this.#reshard();
    const victims = this.#random.pick(choices);
    const violations: string[] = [];
    if (victims.includes('store')) {
      await this.#store.kill();
      this.#tally.stores++;
    }
    if (victims.includes('server')) violations.push(...(await this.#killServer()));
    // The server finds out what it does without a store.
    await sleep(this.#random.pick([0, 0, 300, 1_500]));
    if (victims.includes('store')) await this.#store.start();
    if (victims.includes('server') && !(await this.#start()))
      violations.push(`no start: ${this.#server!.complaint}`);
    return this.#verdict(violations);
  }

  /** Puts no more, waits until all that was put is in objects, and judges all of them. */
  async audit(): Promise<Round> {
    for (const producer of this.#producers.values()) await producer.hold();
    const violations: string[] = [];
    for (const delivery of deliveries) violations.push(...(await this.#judge(delivery)));
    for (const producer of this.#producers.values()) producer.go();
    return this.#verdict(violations);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const producer of this.#producers.values()) await producer.hold();
    await this.#server?.kill();
    await this.#store.kill();
    for (const producer of this.#producers.values()) await producer.close();
  }

  #client(service?: SignedService): Client {
    return new Client('flights', () => this.#server?.port, service);
  }

  async #make({ creation: { of, input }, name }: TorturedDelivery, kinesis: Client): Promise<void> {
    if (of === 'channel') {
      const made = await must(kinesis, 'CreateChannel', input);
      const { ChannelARN } = (made as { ChannelDescription: { ChannelARN: string } }).ChannelDescription;
      return await untilActive(() => must(kinesis, 'DescribeChannel', { ChannelARN }));
    }
    const client = this.#client(firehose);
    await must(client, 'CreateDeliveryStream', input);
    await untilActive(() => must(client, 'DescribeDeliveryStream', { DeliveryStreamName: name }));
    client.close();
  }

  /** Until so many more records were put, and then for as long as some of a chunk's life takes. */
  async #work(): Promise<void> {
    const acknowledged = () =>
      [...this.#producers.values()].reduce((sum, producer) => sum + producer.acknowledged, 0);
    const enough = acknowledged() + this.#random.between(50, 400);
    for (let waitedMs = 0; waitedMs < workMsMax && acknowledged() < enough; waitedMs += 20) await sleep(20);
    await sleep(this.#random.real(0, 2_000));
  }

  async #start(): Promise<boolean> {
    this.#server = new ServerProcess(this.#workshop, this.#command());
    return await this.#server.isReady();
  }

  async #killServer(): Promise<string[]> {
    const server = this.#server!;
    const ended = server.hasEnded ? [`ended: the server ended by itself: ${server.complaint}`] : [];
    await server.kill();
    this.#tally.servers++;
    return ended;
  }

  async #reshard(): Promise<void> {
    const client = this.#client();
    const TargetShardCount = this.#random.between(1, 4);
    const ScalingType = 'UNIFORM_SCALING';
    await client.call('UpdateShardCount', { StreamName: 'stream', TargetShardCount, ScalingType });
    client.close();
  }

  /** Waits until nothing is missing, and answers what is wrong all the same. */
  async #judge(delivery: TorturedDelivery): Promise<string[]> {
    const { sent } = this.#producers.get(delivery.source)!;
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      const objects = this.#kept.read();
      const delivered = await this.#texts.of(delivery, objects);
      const left = [...missing(delivery, sent, delivered)];
      if (left.length > 0 && waitedMs <= patienceMs) {
        await sleep(pollMs);
        continue;
      }
      this.#settle(delivery, delivered, objects.size);
      return [...left, ...misdelivered(delivery, sent, delivered)];
    }
  }

  #settle({ name }: TorturedDelivery, delivered: readonly Delivered[], objects: number): void {
    const { delivered: tallied } = this.#tally;
    const before = this.#settled.get(name) ?? 0;
    tallied.set(name, (tallied.get(name) ?? 0) + delivered.length - before);
    this.#settled.set(name, delivered.length);
    this.#tally.objects += objects - this.#objects;
    this.#objects = objects;
  }

  #verdict(violations: readonly string[]): Round {
    const all = [...this.#producers.values()].reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    const round = {
      acknowledged: all - this.#counted,
      violations: violations.filter((said) => !this.#said.has(said)),
    };
    for (const said of violations) this.#said.add(said);
    this.#counted = all;
    return round;
  }
}

const firehose: SignedService = {
  scope: 'firehose',
  prefix: 'Firehose_20150804',
  contentType: 'application/x-amz-json-1.1',
};
/** A kill of both is one, too. */
const choices: readonly (readonly ('server' | 'store')[])[] = [
  ['server'],
  ['server'],
  ['server'],
  ['store'],
  ['store'],
  ['server', 'store'],
];
const workMsMax = 30_000;
const pollMs = 300;
/** Long: a slow machine is no broken promise. */
const patienceMs = 300_000;

async function must(client: Client, operation: string, input: object): Promise<unknown> {
  const answer = await client.call(operation, input);
  if (answer.kind === 'output') return answer.output;
  throw new Error(`${operation}: ${answer.kind === 'error' ? answer.message : 'no answer'}`);
}

/** What is described says its state in one member or another, and nothing else says ACTIVE. */
async function untilActive(describe: () => Promise<unknown>): Promise<void> {
  while (!/Status":"ACTIVE"/.test(JSON.stringify(await describe()))) await sleep(50);
}
