import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../harness/answer.ts';
import { freePorts } from '../../harness/brokers/broker-ports.ts';
import { runCounterClient } from '../../harness/counter-client.ts';
import { runLeaseWorker } from '../../harness/lease-worker.ts';
import { runOwner } from '../../harness/owner.ts';
import type { SeededRandom } from '../../harness/random.ts';
import { runReader } from '../../harness/reader.ts';
import { dynamodb } from '../../harness/signer.ts';
import { runSubscriber } from '../../harness/subscriber.ts';
import type { Work } from '../../harness/workload.ts';
import { runWriter } from '../../harness/writer.ts';
import { Client } from '../client.ts';
import type { Crew } from '../crew.ts';
import { CrewAtWork } from '../crew-at-work.ts';
import { FakeTime } from '../fake-time.ts';
import type { Round } from '../fault.ts';
import { sometimesEncrypted } from '../server-process.ts';
import type { OwnedDirectory, Workshop } from '../workshop.ts';
import { type Brokers, gatewaysMax } from './brokers.ts';
import { Gateway } from './gateway.ts';
import { Pulse } from './pulse.ts';

/** Clients of the simulation, fewer and in less haste than against one server: brokers have to keep up. */
const crew: Crew = [
  ...['orders', 'clicks'].map((name) => ({
    name: `owner of ${name}`,
    run: (work: Work) => runOwner(work, name),
  })),
  ...['1', '2'].map((number) => ({ name: `writer ${number}`, run: runWriter })),
  ...['1', '2'].map((number) => ({ name: `reader ${number}`, run: runReader })),
  { name: 'subscriber', run: runSubscriber },
  ...['worker 1', 'worker 2'].map((name) => ({ name, run: patiently(runLeaseWorker), service: dynamodb })),
  { name: 'counter', run: patiently(runCounterClient), service: dynamodb },
];
const haste = 3;

/** While two gateways take the records of a shard, a tip may lack for a second what one has acknowledged. */
const tipLagMs = 1_010;

/**
 * Has a client wait a while before the call after one without an answer, which is noted by then. Tables may
 * have no holder for as long as a lease: a thousand calls that may have been carried out or not leave more
 * orders open than can be tried.
 */
function patiently(run: (work: Work) => Promise<void>): (work: Work) => Promise<void> {
  return (work) => {
    const { client, world } = work;
    let isSilent = false;
    const call = async <T>(operation: string, input: object): Promise<Answer<T>> => {
      if (isSilent) await world.scheduler.sleep(1_500 * haste);
      const answer = await client.call<T>(operation, input);
      isSilent = answer.kind === 'silence';
      return answer;
    };
    const { name, subscribe } = client;
    return run({ ...work, client: { name, call, subscribe } });
  };
}

/**
 * Gateways of one cluster of ours on the brokers that all trials share, and clients that ask any of them and
 * write down what they were told.
 */
export class GatewayTrial implements AsyncDisposable {
  readonly brokers: Brokers;
  readonly gateways: readonly Gateway[];
  readonly crew: CrewAtWork;
  /** Of the gateways, where these have clocks of their own. */
  readonly times: readonly FakeTime[];
  readonly #pulse = new Pulse();
  readonly #cluster: string;
  readonly #directory: OwnedDirectory;

  /** Nothing is started yet. */
  static async plan(
    workshop: Workshop,
    brokers: Brokers,
    random: SeededRandom,
    hasClocks = false,
  ): Promise<GatewayTrial> {
    const directory = workshop.directory();
    const rootKey = `${directory.path}/root-key`;
    writeFileSync(rootKey, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    const cluster = `torture-${randomBytes(4).toString('hex')}`;
    const count = random.pick([2, 2, gatewaysMax]);
    const flags = sometimesEncrypted(random);
    const peerPorts = await freePorts(count);
    const times = hasClocks ? peerPorts.map((port) => new FakeTime(directory.path, `offset-${port}`)) : [];
    const gateways = peerPorts.map((port, index) => {
      const number = index + 1;
      const plan = { number, cluster, brokers: brokers.bootstrap(number), rootKey, flags };
      const own = {
        data: `${directory.path}/data${number}`,
        workers: random.pick([0, 0, 1]),
        env: times[index]?.variables('at once') ?? {},
      };
      return Gateway.plan(workshop, { ...plan, ...own }, port);
    });
    return new GatewayTrial(brokers, await Promise.all(gateways), random, cluster, directory, times);
  }

  private constructor(
    brokers: Brokers,
    gateways: readonly Gateway[],
    random: SeededRandom,
    cluster: string,
    directory: OwnedDirectory,
    times: readonly FakeTime[],
  ) {
    this.brokers = brokers;
    this.gateways = gateways;
    this.#cluster = cluster;
    this.#directory = directory;
    this.times = times;
    const way = (own: SeededRandom) => this.#way(own);
    this.crew = new CrewAtWork({ way, haste, leavesOpen: true, tipLagMs }, random.fork());
  }

  /** False, and broken promises, when one does not come up. */
  async start(): Promise<boolean> {
    this.crew.isFaulty = true;
    const started = await Promise.all(this.gateways.map((gateway) => this.startOne(gateway)));
    return started.every(Boolean);
  }

  async startOne(gateway: Gateway): Promise<boolean> {
    const isUp = await gateway.start();
    if (!isUp) this.crew.violate(`no start: gateway ${gateway.number}: ${gateway.complaint}`);
    return isUp;
  }

  /** Has clients at work. From then on until the next audit, what is right may be refused. */
  work(): void {
    this.crew.isFaulty = true;
    this.crew.work([...crew, ...this.#pulse.crew]);
  }

  /**
   * Resolves when every shard took a record that was sent since then; clients must be at work. Answers how
   * long that was after, in milliseconds.
   */
  async resumed(since: number): Promise<number | undefined> {
    const after = await this.#pulse.resumed(since);
    if (after === undefined) this.crew.violate('stuck: there are shards that take no records any more');
    return after;
  }

  /** Waits until all is well again, then checks everything while nothing happens. */
  async audit(): Promise<Round> {
    await this.#comeToRest();
    await this.crew.audit();
    await this.#checkEndings();
    return this.crew.verdict();
  }

  async #checkEndings(): Promise<void> {
    for (const gateway of this.gateways) {
      const ending = await gateway.ending;
      if (ending === undefined) continue;
      const how = ending.signal ?? ending.code;
      this.crew.violate(`ended: gateway ${gateway.number} ended by itself (${how}): ${gateway.complaint}`);
      await this.startOne(gateway);
    }
  }

  /** Brokers and gateways are well, puts go on, every gateway answers for everything, no stream changes. */
  async #comeToRest(): Promise<void> {
    await this.brokers.heal();
    for (const gateway of this.gateways) gateway.mendPeers();
    await this.#checkEndings();
    for (const gateway of this.gateways) if (gateway.port === undefined) await this.startOne(gateway);
    await this.resumed(performance.now());
    await this.crew.rest();
    for (const gateway of this.gateways) {
      if (!(await answersForAll(gateway)))
        this.crew.violate(`stuck: gateway ${gateway.number} does not answer any more: ${gateway.complaint}`);
    }
  }

  /** One gateway as long as it answers, another one now and then, and always after a failure. */
  #way(random: SeededRandom): (afterFailure: boolean) => number | undefined {
    let at = random.below(this.gateways.length);
    return (afterFailure) => {
      const others = this.gateways.filter(({ port }, index) => port !== undefined && index !== at);
      const mustLeave = afterFailure || this.gateways[at]!.port === undefined;
      if (others.length > 0 && (mustLeave || random.chance(0.1)))
        at = this.gateways.indexOf(random.pick(others));
      return this.gateways[at]!.port;
    };
  }

  /** Ends the gateways and the clients, and leaves the brokers as they were before. */
  async [Symbol.asyncDispose](): Promise<void> {
    const dismissed = this.crew.dismiss();
    for (const gateway of this.gateways) {
      await gateway.kill();
      gateway.close();
    }
    await dismissed;
    await this.brokers.heal();
    await this.brokers.forget(this.#cluster);
    this.#directory[Symbol.dispose]();
  }
}

/**
 * Tables have one holder, and a lease has to run out when it was killed; a resharding may wait for one, too.
 */
async function answersForAll(gateway: Gateway): Promise<boolean> {
  const leavesOpen = () => {};
  const manner = { leavesOpen };
  const ofStreams = new Client('waiter', () => gateway.port, undefined, manner);
  const ofTables = new Client('waiter', () => gateway.port, dynamodb, manner);
  try {
    for (const end = performance.now() + restMsMax; performance.now() < end; await sleep(50)) {
      if ((await areAtRest(ofStreams)) && (await ofTables.call('ListTables', {})).kind === 'output')
        return true;
    }
    return false;
  } finally {
    ofStreams.close();
    ofTables.close();
  }
}

async function areAtRest(client: Client): Promise<boolean> {
  type Listed = { readonly StreamSummaries: readonly { readonly StreamStatus: string }[] };
  const answer = await client.call<Listed>('ListStreams', {});
  if (answer.kind !== 'output') return false;
  return answer.output.StreamSummaries.every(({ StreamStatus }) => StreamStatus === 'ACTIVE');
}

/** Long: a slow machine is no broken promise. */
const restMsMax = 180_000;
