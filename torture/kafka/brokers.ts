import { appendFileSync, readdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { BrokerCluster } from '../../harness/brokers/broker-cluster.ts';
import { freePorts } from '../../harness/brokers/broker-ports.ts';
import { BrokerRoutes } from '../../harness/brokers/broker-routes.ts';
import type { BrokerPorts } from '../../harness/brokers/broker-settings.ts';
import { findJava, NoBrokersError } from '../../harness/brokers/jars.ts';
import { addressOf, whenReady } from '../../harness/brokers/ready.ts';
import { Way } from '../../harness/brokers/way.ts';
import { isInNamespace, isRoot } from '../../harness/namespace.ts';
import { isSystemError } from '../../src/env/disk.ts';
import { openPlatformaticKafka } from '../../src/env/platformatic-kafka.ts';
import { FakeTime } from '../fake-time.ts';
import { mount } from '../mount.ts';
import type { Workshop } from '../workshop.ts';

/** How many gateways there may be at a time, each with its own ways to brokers. */
export const gatewaysMax = 3;

/** The broker whose data is on a small disk of its own, where disks can be mounted. */
const onSmallDisk = 3;

/** Why no brokers can be started here; undefined when they can. */
export async function brokersObstacle(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'needs Linux';
  try {
    await findJava({ secondsMax: resolveSecondsMax, tell: () => {} });
    return undefined;
  } catch (error) {
    if (error instanceof NoBrokersError) return error.message;
    throw error;
  }
}

/** Why no broker has a disk of its own. */
export function smallDiskObstacle(): string | undefined {
  return isRoot() && isInNamespace() ? undefined : 'needs root and a mount namespace (unshare)';
}

/**
 * Three real brokers for all rounds of a run, and everything that can be done to them. They are started once,
 * for a start costs as much as some rounds. Brokers and gateways are numbered from 1.
 */
export class Brokers {
  readonly #cluster: BrokerCluster;
  readonly #routes: BrokerRoutes;
  /** By gateway, then by broker. */
  readonly #ways: readonly (readonly Way[])[];
  readonly #cut = new Set<number>();
  readonly #times = new Map<number, FakeTime>();

  static async start(workshop: Workshop): Promise<Brokers> {
    const java = await findJava({ secondsMax: resolveSecondsMax, tell: console.log });
    const doors = await freePorts(3 * gatewaysMax);
    const ways = await openWays(doors);
    const free = await freePorts(9);
    const ports = [0, 1, 2].map((broker): BrokerPorts => {
      const more = ways.map((all, gateway) => ({
        name: `GATEWAY${gateway + 1}`,
        protocol: 'PLAINTEXT',
        port: doors[3 * gateway + broker]!,
        advertised: all[broker]!.port,
      }));
      return { clients: free[broker]!, quorum: free[3 + broker]!, peers: free[6 + broker]!, more };
    });
    const routes = await BrokerRoutes.open(ports);
    const prepare = (id: number, directory: string) => {
      if (id === onSmallDisk && smallDiskObstacle() === undefined) putOnSmallDisk(workshop, directory);
    };
    const plan = { ports, extra: hasty };
    const options = { java, plan, outlives: false, scramUsers: [], tell: console.log, prepare };
    const cluster = await BrokerCluster.start(options);
    workshop.owe(() => cluster.destroy());
    await whenReady(cluster, readySecondsMax);
    return new Brokers(cluster, routes, ways);
  }

  /** Without ways of their own, gateways cannot be cut off from brokers. */
  constructor(cluster: BrokerCluster, routes: BrokerRoutes, ways: readonly (readonly Way[])[]) {
    this.#cluster = cluster;
    this.#routes = routes;
    this.#ways = ways;
  }

  get ids(): readonly number[] {
    return this.#cluster.ids;
  }

  /**
   * Where a gateway begins, as `--brokers` takes it. All that it hears of brokers are its own ways to them.
   */
  bootstrap(gateway: number): string {
    const ways = this.#ways[gateway - 1];
    return ways?.map(({ port }) => `127.0.0.1:${port}`).join(',') ?? this.#cluster.bootstrap;
  }

  /** kill -9. */
  kill(id: number): Promise<void> {
    return this.#cluster.kill(id);
  }

  pause(id: number): void {
    this.#cluster.pause(id);
  }

  resume(id: number): void {
    this.#cluster.resume(id);
  }

  isRunning(id: number): boolean {
    return this.#cluster.isRunning(id);
  }

  /** Starts a broker again, after it ended in good order if it runs. */
  restart(id: number): Promise<void> {
    this.#times.delete(id);
    return this.#cluster.restart(id);
  }

  /** The clock of a broker, which is started again for it unless it has one already. */
  async timeOf(id: number, workshop: Workshop): Promise<FakeTime> {
    const known = this.#times.get(id);
    if (known !== undefined) return known;
    const time = new FakeTime(workshop.directory().path);
    await this.#cluster.restart(id, time.variables('each second'));
    await whenReady(this.#cluster, readySecondsMax);
    this.#times.set(id, time);
    return time;
  }

  /** Nothing passes between a broker and the others; gateways reach all of them. */
  cut(id: number): void {
    this.#cut.add(id);
    this.#routes.cut(id);
  }

  mend(id: number): void {
    this.#cut.delete(id);
    this.#routes.mend(id);
  }

  /** Nothing passes between a gateway and these brokers. */
  cutFrom(gateway: number, brokers = this.ids): void {
    for (const id of brokers) this.#ways[gateway - 1]![id - 1]!.cut();
  }

  mendFrom(gateway: number): void {
    for (const way of this.#ways[gateway - 1]!) way.mend();
  }

  /** Takes every byte of the small disk. Answers which broker has it, and how to give them back. */
  fillDisk(): { readonly id: number; readonly empty: () => void } {
    const ballast = `${this.#cluster.dataOf(onSmallDisk)}/ballast`;
    for (let size = 4 * 1024 * 1024; size > 0; ) {
      try {
        appendFileSync(ballast, Buffer.alloc(size));
      } catch (error) {
        if (!isSystemError(error, 'ENOSPC')) throw error;
        size >>= 1;
      }
    }
    return { id: onSmallDisk, empty: () => rmSync(ballast) };
  }

  /** Starts what ended, lets go on what is paused, mends what is cut, and resolves when all is well again. */
  async heal(): Promise<void> {
    for (const id of this.#cut) this.mend(id);
    for (const [index] of this.#ways.entries()) this.mendFrom(index + 1);
    for (const time of this.#times.values()) time.set(0);
    for (const { id, state } of this.#cluster.status) {
      if (state === 'killed') await this.restart(id);
      if (state === 'paused') this.#cluster.resume(id);
    }
    await whenReady(this.#cluster, readySecondsMax);
  }

  /** Removes the topics of a Millrace cluster, so that the next ones find the brokers as these did. */
  async forget(cluster: string): Promise<void> {
    const kafka = await openPlatformaticKafka({ clientId: 'torture', tls: undefined, sasl: undefined });
    const connection = await kafka.connect(addressOf(this.#cluster.status[0]!.address));
    const folders = readdirSync(this.#cluster.dataOf(1)).filter((name) =>
      name.startsWith(`millrace.${cluster}.`),
    );
    const topics = new Set(
      folders.filter((name) => /-\d+$/.test(name)).map((name) => name.replace(/-\d+$/, '')),
    );
    for (const topic of topics) await connection.deleteTopic(topic);
    connection.close();
  }
}

/** A link leads to it, which goes with the brokers' directory while the disk is mounted still. */
function putOnSmallDisk(workshop: Workshop, directory: string): void {
  const { path } = workshop.directory();
  mount(workshop, ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs'], path);
  rmdirSync(directory);
  symlinkSync(path, directory);
}

async function openWays(doors: readonly number[]): Promise<Way[][]> {
  const ways: Way[][] = [];
  for (let gateway = 0; gateway < gatewaysMax; gateway++)
    ways.push(await Promise.all(doors.slice(3 * gateway, 3 * gateway + 3).map((door) => Way.open(door))));
  return ways;
}

/** For jars that are not here yet, and for brokers to begin on a machine that others keep busy. */
const resolveSecondsMax = 600;
const readySecondsMax = 300;
const diskBytes = 1024 * 1024 * 1024;

/** A broker that is gone is replaced after two seconds. */
const hasty = { 'broker.session.timeout.ms': '2000' };
