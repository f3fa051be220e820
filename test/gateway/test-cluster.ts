import assert from 'node:assert/strict';
import { MemoryPeers } from '../../harness/memory-peers.ts';
import type { Duty, Member, Members } from '../../src/cluster/members.ts';
import type { Clock } from '../../src/env/clock.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import type { PeerIdentity, PeerNetwork } from '../../src/env/peers.ts';
import { ClusterLoad } from '../../src/gateway/cluster-load.ts';
import { ClusterMeter, MeterTellings } from '../../src/gateway/cluster-meter.ts';
import type { FollowedControl } from '../../src/gateway/control.ts';
import { CountedRecords } from '../../src/gateway/counted-records.ts';
import { HeldCalls } from '../../src/gateway/held-calls.ts';
import { OwnedRecords } from '../../src/gateway/owned-records.ts';
import { OwnedSubscriptions } from '../../src/gateway/owned-subscriptions.ts';
import { countersOf, OwnedThrottle } from '../../src/gateway/owned-throttle.ts';
import { Peers } from '../../src/gateway/peers.ts';
import { ServerMeter } from '../../src/gateway/server-meter.ts';
import { Condition } from '../../src/log/condition.ts';
import type { Engine, Records } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { noAudit } from '../../src/rpc/audit.ts';
import { lateDelivery } from '../../src/server/delivery/late-delivery.ts';
import { Gateway } from '../../src/server/gateway.ts';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { LateTables } from '../../src/services/dynamodb/tables/late-tables.ts';
import { lateLambda } from '../../src/services/lambda/late-lambda.ts';
import { type Background, runInBackground } from '../../src/stream/background.ts';
import { lifecycleTick } from '../../src/stream/lifecycle.ts';
import type { MeterReadings } from '../../src/stream/meter/counts.ts';
import { ratesIn } from '../../src/stream/stream-limits.ts';
import { SubscriptionTable } from '../../src/stream/subscriptions.ts';
import { awsThrottle, localBuckets } from '../../src/stream/throttle.ts';
import { TestRandom } from '../log/world.ts';
import { controlPlane } from '../server/control-plane.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';
import { noNetwork } from '../services/kinesis/no-network.ts';
import { TestClient } from './test-client.ts';

/** Who is there, as a test says. */
export class TestMembership {
  readonly #change = new Condition();
  #live: readonly Member[] = [];

  set(live: readonly Member[]): void {
    this.#live = [...live].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#change.announce();
  }

  get live(): readonly Member[] {
    return this.#live;
  }

  as(self: Member): Members {
    return {
      self,
      live: () => this.#live,
      changed: (signal) => {
        const seen = this.#live;
        return this.#change.until(() => this.#live !== seen, signal);
      },
    };
  }
}

/** Work that one gateway does, as a test says. */
export class TestDuty {
  readonly #change = new Condition();
  #holder: Member | undefined;
  #term = 0;

  give(holder: Member | undefined): void {
    this.#holder = holder;
    this.#term += 1;
    this.#change.announce();
  }

  as(self: Member): Duty {
    const termOf = () => this.#term;
    return {
      isOurs: () => this.#holder?.id === self.id,
      holder: () => this.#holder,
      get number() {
        return termOf();
      },
      changed: (signal) => {
        const seen = this.#term;
        return this.#change.until(() => this.#term !== seen, signal);
      },
    };
  }
}

/**
 * Gateways in one thread, over an engine and journals that all of them have; the network between them is in
 * memory unless it is given, and the time is the test's.
 */
export class TestCluster implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly random = new TestRandom(1);
  readonly network = new MemoryPeers(this.clock);
  readonly membership = new TestMembership();
  readonly scaling = new TestDuty();
  readonly tables = new TestDuty();
  readonly gateways: TestGateway[] = [];
  /** How often the state of the tables was brought up to date. */
  refreshes = 0;
  readonly engine: Engine;
  readonly services: Engine;
  readonly options: ServerOptions;
  readonly #ends: (() => void)[] = [];
  #control: FollowedControl | undefined;
  #plane: Awaited<ReturnType<typeof controlPlane>> | undefined;
  #background: Background | undefined;

  private constructor(options: ServerOptions) {
    this.options = options;
    this.engine = openMemoryLog(this.clock);
    this.services = openMemoryLog(this.clock);
  }

  /** With so many gateways, each connected to all others. */
  static async of(count: number, options: Partial<ServerOptions> = {}): Promise<TestCluster> {
    const cluster = new TestCluster({ ...defaultOptions, transitionDelay: 0, ...options });
    await cluster.#begin();
    for (let nth = 0; nth < count; nth++) await cluster.add(`gateway-${nth}`);
    await cluster.connected();
    return cluster;
  }

  async #begin(): Promise<void> {
    const { clock, random, engine } = this;
    this.#plane = await controlPlane({ clock, random }, this.options);
    this.#control = this.#plane.control;
    const { catalog } = this.#control;
    const ticks = [
      lifecycleTick({ catalog, log: engine, clock }, 0),
      async () => {
        for (const { tables } of this.gateways) await tables.tick();
        return undefined;
      },
    ];
    this.#background = runInBackground(ticks, clock, silentLogger);
  }

  get control(): FollowedControl {
    return this.#control!;
  }

  get plane() {
    return this.#plane!;
  }

  get background(): Background {
    return this.#background!;
  }

  /** Adds a gateway, which joins at once. `between` stands between it and the engine. */
  async add(id: string, between: (engine: Engine) => Records = (engine) => engine): Promise<TestGateway> {
    const gateway = await TestGateway.of(this, id, between);
    this.gateways.push(gateway);
    this.membership.set([...this.membership.live, gateway.member]);
    gateway.begin();
    return gateway;
  }

  /** The lease of a gateway is over. */
  expire(gateway: TestGateway): void {
    this.membership.set(this.membership.live.filter(({ id }) => id !== gateway.member.id));
  }

  /** Until each gateway that is live can ask each other one. */
  async connected(): Promise<void> {
    const { live } = this.membership;
    const hosts = this.gateways.filter(({ member }) => live.includes(member));
    const areConnected = () =>
      hosts.every((one) => hosts.every((other) => one === other || one.peers.linkTo(other.member)));
    while (!areConnected()) await settled();
  }

  /** The gateway that owns a name, such as `1/0` for the first shard of the first stream. */
  ownerOf(name: string): TestGateway {
    const owner = this.gateways.find(({ peers }) => peers.ownerOf(name).isOurs);
    assert.ok(owner);
    return owner;
  }

  /** The gateways that do not own a name. */
  othersThan(owner: TestGateway): TestGateway[] {
    return this.gateways.filter((gateway) => gateway !== owner);
  }

  /** Has something ended with the cluster. */
  atClose(end: () => void): void {
    this.#ends.push(end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) end();
    for (const gateway of this.gateways) await gateway[Symbol.asyncDispose]();
    await this.#background!.stop();
  }
}

type Parts = {
  readonly member: Member;
  readonly peers: Peers;
  readonly cluster: TestCluster;
  readonly own: Records;
};

/** One gateway, and a client of it. */
export class TestGateway implements AsyncDisposable {
  readonly member: Member;
  readonly peers: Peers;
  readonly records: OwnedRecords;
  readonly throttle: OwnedThrottle;
  readonly load: ClusterLoad;
  readonly readings: MeterReadings;
  readonly tables: LateTables;
  readonly client: TestClient;
  readonly gateway: Gateway;
  readonly #cluster: TestCluster;
  readonly #begin: () => void;

  static async of(
    cluster: TestCluster,
    id: string,
    between: (engine: Engine) => Records,
  ): Promise<TestGateway> {
    const peers = await listen(cluster.network.of(id), id, cluster.clock);
    const member = { id, address: peers.address, rack: 'az1' };
    return new TestGateway({ member, peers, cluster, own: between(cluster.engine) });
  }

  private constructor({ member, peers, cluster, own }: Parts) {
    const { clock, random, control, plane, options } = cluster;
    this.member = member;
    this.peers = peers;
    this.#cluster = cluster;
    this.tables = new LateTables(cluster.services, { clock, logger: silentLogger, transitionDelay: 0 });
    const buckets = localBuckets(clock);
    const rates = ratesIn(control.catalog, options.limits === 'aws');
    const throttle = awsThrottle(clock, buckets, countersOf(peers), rates);
    const forPeers = awsThrottle(clock, buckets, undefined, rates);
    this.records = new OwnedRecords(peers, new CountedRecords(own, throttle), clock);
    const { catalog } = control;
    this.throttle = new OwnedThrottle(peers, throttle);
    this.load = new ClusterLoad({ clock, catalog, duty: cluster.scaling.as(member), peers });
    const subscriptions = new SubscriptionTable(clock);
    const refresh = async () => {
      cluster.refreshes += 1;
      await this.tables.openAnew();
    };
    const held = new HeldCalls({ duty: cluster.tables.as(member), peers, clock, refresh });
    const serverMeter = new ServerMeter({ clock, catalog });
    const meter = serverMeter.own;
    this.readings = new ClusterMeter(serverMeter, { clock, catalog, peers });
    const tellings = new MeterTellings(serverMeter);
    this.gateway = new Gateway(
      options,
      { clock, random, logger: silentLogger, network: noNetwork, workers: nodeWorkers },
      {
        ...{ control, log: this.records, load: this.load.measured, background: cluster.background },
        ...{ meter, readings: this.readings },
        subscriptions: new OwnedSubscriptions(peers, subscriptions),
        ...{ security: plane.security, keysElsewhere: undefined, buckets: undefined, audit: noAudit },
        served: {
          log: cluster.services,
          tables: this.tables,
          lambda: lateLambda(cluster.services, { clock, logger: silentLogger }),
          delivery: lateDelivery(cluster.services, { clock, logger: silentLogger }),
          heapBytesMax: 1024 ** 3,
        },
        identity: () => assert.fail('no TLS'),
        health: () => 'ok',
        authority: undefined,
        throttle: this.throttle,
        held: new Map([['dynamodb', held]]),
      },
    );
    this.client = new TestClient(this.gateway.handle);
    this.#begin = () =>
      peers.begin(cluster.membership.as(member), {
        ...{ clock, catalog, log: new CountedRecords(own, forPeers), throttle: forPeers },
        ...{ load: this.load.told, subscriptions },
        metered: (question) => tellings.tell(question),
        sketches: (stream, shards) => serverMeter.sketchesOf(stream, shards),
        ...this.gateway.forPeers,
      });
  }

  begin(): void {
    this.#begin();
  }

  /** Goes without a word. */
  kill(): void {
    this.#cluster.network.kill(this.member.id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.load.stop();
    await this.peers[Symbol.asyncDispose]();
    await this.gateway.close();
  }
}

export function listen(network: PeerNetwork, id: string, clock: Clock, address = 'any:0'): Promise<Peers> {
  const identity: PeerIdentity = { member: id, key: '', certificate: '', authority: 'ours' };
  return Peers.listen(address, { network, clock, logger: silentLogger, identity: async () => identity });
}
