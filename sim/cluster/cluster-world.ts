import { inspect } from 'node:util';
import { searchedLogger } from '../../harness/canaries.ts';
import { FakeCluster } from '../../harness/kafka/cluster.ts';
import type { Timeline } from '../../harness/kafka/timeline.ts';
import { SeededRandom } from '../../harness/random.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { Env } from '../../src/env/env.ts';
import type { HttpClient } from '../../src/env/http-client.ts';
import type { LogFields, Logger } from '../../src/env/logger.ts';
import { processClock, WallClock } from '../clock.ts';
import { SimulatedDisk } from '../disk.ts';
import { SimulatedNetwork } from '../network.ts';
import { SimulatedPeers } from '../peers.ts';
import { SimulatedPressure } from '../pressure.ts';
import { Process } from '../process.ts';
import { SimulatedProcesses, type SimulatedProgram } from '../processes.ts';
import { Scheduler } from '../scheduler.ts';
import { Trace } from '../trace.ts';
import { SimulatedWorkers } from '../workers.ts';
import { nowhere } from '../world.ts';
import { brokerLink } from './broker-link.ts';
import { FaultCount, type FaultKind } from './faults.ts';
import { GatewayMachine, type Side } from './gateway-machine.ts';

/** When the simulated brokers were switched on: 2026-01-01T00:00:00Z. */
const epoch = 1_767_225_600_000;

/** How long errors may still be on their way to a client when all is well again: leases have to run out. */
const aftermathMs: Millis = 15_000;

/** What it takes a system to start a program, and to tell of its end. */
const programMsMax: Millis = 20;

/** Three brokers, machines for gateways, and the networks between them. One seed decides everything. */
export class ClusterWorld {
  readonly scheduler = new Scheduler();
  /** The right time, which brokers and clients have. */
  readonly wall = new WallClock(this.scheduler, epoch);
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly network: SimulatedNetwork;
  readonly brokers: FakeCluster;
  readonly machines: readonly GatewayMachine[];
  readonly leavesOpen = true;
  readonly isPaced = false;
  /** What no program may do, in the order it was noticed. */
  readonly violations: string[] = [];
  /** How long a message between gateways takes at most. */
  peerDelayMax: Millis = 2;
  /** True once a process was asked to end in peace, until it has. */
  isClosing = false;
  /** What befell it while clients were at work. */
  readonly faults = new FaultCount();
  /** What every program does that a gateway starts; undefined where none can start any. */
  program: SimulatedProgram | undefined;
  /** The way of a process to other servers; undefined where there are none. */
  outside: ((process: Process) => HttpClient) | undefined;
  readonly #lives = new WeakMap<Process, number>();
  #livesCount = 0;
  /** Whether clients are at work. */
  isAtWork = () => false;
  #faultyUntil: Millis = 0;
  readonly #peers: SimulatedPeers;

  constructor(seed: number, gateways: number, print?: (line: string) => void) {
    this.random = new SeededRandom(seed);
    this.trace = new Trace(() => this.scheduler.time, print);
    const failed = (error: unknown) => this.violate(`the handler rejected: ${String(error)}`);
    this.network = new SimulatedNetwork(this.scheduler, this.random.fork(), this.trace, failed);
    this.network.isCut = (process) => this.#machineOf(process)?.isCutFrom('clients') ?? false;
    this.brokers = new FakeCluster({
      timeline: timelineOf(this.scheduler, () => this.scheduler.time),
      wall: this.wall,
      random: this.random.fork(),
      trace: (text) => this.trace.write('brokers', text),
    });
    const skews = this.random.fork();
    this.machines = Array.from({ length: gateways }, (_, index) => {
      const rate = 1 + skews.real(-driftMax, driftMax);
      const start = epoch + skews.real(-skewMsMax, skewMsMax);
      return new GatewayMachine(index, new WallClock(this.scheduler, start, rate));
    });
    this.#peers = new SimulatedPeers(this.random.fork(), () => ({
      delayMax: this.peerDelayMax,
      isCut: (...ends) => ends.some((process) => this.#machineOf(process)?.isCutFrom('peers')),
    }));
  }

  /** Starts a process on a machine and answers it with the outside world as it sees it. */
  boot(machine: GatewayMachine): { process: Process; env: Env } {
    const process = new Process(this.scheduler);
    machine.process = process;
    const disk = new SimulatedDisk({
      ...{ process, storage: machine.storage, locks: machine.locks, trace: this.trace },
      random: this.random.fork(),
      faults: () => undefined,
      slowness: 1,
    });
    const brokers = this.brokers.client(timelineOf(process, () => this.scheduler.time));
    const kafka = brokerLink(brokers, process, machine);
    const peers = this.#peers.for(process);
    const env: Env = {
      clock: processClock(process, this.scheduler, machine.wall),
      disk,
      random: this.random.fork(),
      network: this.network.for(process),
      client: this.outside?.(process) ?? nowhere,
      kafka: async () => kafka,
      peers: async () => peers,
      processes: async () => this.#processesOf(process),
      logger: this.#logger(machine),
      pressure: new SimulatedPressure(this.random.fork()),
      workers: this.#workersOf(process, machine),
      panic: (reason, cause) => this.#panic(machine, process, reason, cause),
    };
    this.trace.write('world', `${machine.name} starts a process`);
    return { process, env };
  }

  /** Of which gateway a program is: each start of one is another. */
  lifeOf(process: Process): number {
    return this.#lives.get(process)!;
  }

  #processesOf(gateway: Process): SimulatedProcesses {
    const { program } = this;
    if (program === undefined) throw new Error('no other programs are there');
    const life = ++this.#livesCount;
    const run: SimulatedProgram = (process, started) => {
      this.#lives.set(process, life);
      return program(process, started);
    };
    const random = this.random.fork();
    return new SimulatedProcesses(gateway, run, () => random.real(0, programMsMax));
  }

  /** Ends a process as `kill -9` does. */
  kill(machine: GatewayMachine): void {
    const { process } = machine;
    if (process?.isAlive !== true) return;
    this.trace.write('world', `${machine.name} is killed`);
    process.die('killed');
  }

  /** The same to a machine's process, if it is the latest one. */
  crash(process: Process): void {
    const machine = this.#machineOf(process);
    if (machine !== undefined) this.kill(machine);
  }

  /** Lets nothing through between a machine and some others. */
  cut(machine: GatewayMachine, side: Side): void {
    this.trace.write('world', `${machine.name} is cut off from ${side}`);
    machine.cut(side);
  }

  /** Has all clocks of the world go forward by some days at once. */
  leap(by: Millis): void {
    this.trace.write('world', `all clocks leap by ${by} ms`);
    this.wall.jump(by);
    for (const { wall } of this.machines) wall.jump(by);
  }

  /** Counts a fault, if it meets clients at work. */
  strike(kind: FaultKind): void {
    if (this.isAtWork()) this.faults.add(kind);
  }

  /** Notes that what is right may fail from now on. */
  upset(): void {
    this.#faultyUntil = Number.POSITIVE_INFINITY;
  }

  /** Notes that all is well, but for what is under way. */
  calm(): void {
    if (this.#faultyUntil === Number.POSITIVE_INFINITY) this.#faultyUntil = this.scheduler.time + aftermathMs;
  }

  get isFaulty(): boolean {
    return this.scheduler.time < this.#faultyUntil;
  }

  patience(ms: Millis): Promise<void> {
    return this.scheduler.sleep(ms);
  }

  monotonic(): Millis {
    return this.scheduler.time;
  }

  violate(sentence: string): void {
    this.trace.write('VIOLATION', sentence);
    this.violations.push(sentence);
  }

  #workersOf(process: Process, machine: GatewayMachine): SimulatedWorkers {
    return new SimulatedWorkers(process, this.random.fork(), (thread) => ({
      clock: processClock(thread, this.scheduler, machine.wall),
      random: this.random.fork(),
      workers: this.#workersOf(thread, machine),
      network: () => this.network.for(thread),
      pressure: new SimulatedPressure(this.random.fork()),
      // The simulation hears of them.
      outliveRejections() {},
    }));
  }

  #machineOf(process: Process): GatewayMachine | undefined {
    return this.machines.find((machine) => machine.process === process);
  }

  /** Nothing that a gateway meets is a reason to give up what it has promised. */
  #panic(machine: GatewayMachine, process: Process, reason: string, cause: unknown): void {
    if (process.isAlive) this.violate(`panic of ${machine.name}: ${reason}: ${String(cause)}`);
    process.die(`panic: ${reason}`);
  }

  #logger({ name }: GatewayMachine): Logger {
    const write = (level: string) => (message: string, fields?: LogFields) =>
      this.trace.write(name, `${level} ${message}`, fields === undefined ? '' : ` ${inspect(fields)}`);
    return searchedLogger({ debug() {}, info: write('info'), warn: write('warn'), error: write('error') });
  }
}

/** Events of the world, or of one process in it, as brokers and their clients have them. */
function timelineOf(world: { after(delay: Millis, action: () => void): void }, time: () => Millis): Timeline {
  return {
    get time() {
      return time();
    },
    after: (delay, action, ...signals) =>
      world.after(delay, () => {
        if (!signals.some(({ aborted }) => aborted)) action();
      }),
  };
}

/** So much wall clocks differ at most, and so much faster or slower they are: a crystal that is hot. */
const skewMsMax: Millis = 2_000;
export const driftMax = 0.002;
