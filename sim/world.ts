import { inspect } from 'node:util';
import { searchedLogger } from '../harness/canaries.ts';
import { SeededRandom } from '../harness/random.ts';
import type { Millis } from '../src/env/clock.ts';
import type { Env } from '../src/env/env.ts';
import type { HttpClient } from '../src/env/http-client.ts';
import type { LogFields, Logger } from '../src/env/logger.ts';
import { processClock, WallClock } from './clock.ts';
import { SimulatedDisk } from './disk.ts';
import { type DiskCall, type Faults, shortRead } from './disk-call.ts';
import { SimulatedNetwork } from './network.ts';
import type { SimulatedStore } from './objects/simulated-store.ts';
import { SimulatedPressure } from './pressure.ts';
import { Process } from './process.ts';
import { SimulatedProcesses, type SimulatedProgram } from './processes.ts';
import { Scheduler } from './scheduler.ts';
import { Storage } from './storage.ts';
import { Trace } from './trace.ts';
import { SimulatedWorkers } from './workers.ts';

/** When the simulated machine was switched on: 2026-01-01T00:00:00Z. */
const epoch = 1_767_225_600_000;

/** What may become of one call. */
export const fates = ['EIO', 'ENOSPC', 'short read', 'kill', 'power cut'] as const;

export type Fate = (typeof fates)[number];

/** A call of the disk, counted from 0 over all processes, and what becomes of it. */
export type Strike = { readonly call: number; readonly fate: Fate };

/** Where nothing else is there. */
export const nowhere: HttpClient = { send: () => Promise.reject(new Error('nothing else is there')) };

/** How long errors of a disk that is whole again may still be on their way to a client. */
const aftermath: Millis = 2_000;

/** What it takes the system to start a program, and to tell of its end. */
const programMsMax: Millis = 20;

/** A machine and the network it hangs on. One seed decides everything that happens. */
export class World {
  readonly scheduler = new Scheduler();
  readonly wall = new WallClock(this.scheduler, epoch);
  readonly storage: Storage;
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly network: SimulatedNetwork;
  /** What no program may do, in the order it was noticed. */
  readonly violations: string[] = [];
  /** What every program does that the server starts; undefined where it can start none. */
  program: SimulatedProgram | undefined;
  /** S3; undefined where there is none. */
  store: SimulatedStore | undefined;
  /** The way of a process to other servers; undefined where there are none. */
  outside: ((process: Process) => HttpClient) | undefined;
  /** How many processes of the server there were. */
  lives = 0;
  #faults: Faults = () => undefined;
  /** Until when errors may still come from a disk that failed. */
  #faultyUntil: Millis = 0;
  #syncing: () => void = () => {};
  #strike: Strike | undefined;
  /** True once the latest process was asked to end in peace. */
  isClosing = false;
  /** Calls of the disk, by all processes so far. */
  diskCalls = 0;
  readonly #locks = new Map<string, Process | undefined>();
  readonly #slowness: number;

  constructor(seed: number, print?: (line: string) => void, storage = new Storage()) {
    this.storage = storage;
    this.random = new SeededRandom(seed);
    this.trace = new Trace(() => this.scheduler.time, print);
    this.#slowness = this.random.pick([0.2, 1, 1, 5]);
    const failed = (error: unknown) => this.violate(`the handler rejected: ${String(error)}`);
    this.network = new SimulatedNetwork(this.scheduler, this.random.fork(), this.trace, failed);
  }

  /** Starts a process and answers it with the outside world as it sees it. */
  boot(): { process: Process; env: Env } {
    this.isClosing = false;
    this.lives++;
    const process = new Process(this.scheduler);
    const disk = new SimulatedDisk({
      process,
      storage: this.storage,
      random: this.random.fork(),
      trace: this.trace,
      faults: (call) => this.#fateOf(process, call),
      locks: this.#locks,
      slowness: this.#slowness,
    });
    const env: Env = {
      clock: processClock(process, this.scheduler, this.wall),
      disk,
      random: this.random.fork(),
      network: this.network.for(process),
      client: this.outside?.(process) ?? this.store?.clientOf(process) ?? nowhere,
      kafka: () => Promise.reject(new Error('no brokers are there')),
      peers: () => Promise.reject(new Error('no other server is there')),
      processes: async () => this.#processesOf(process),
      logger: this.#logger(),
      pressure: new SimulatedPressure(this.random.fork()),
      workers: this.#workersOf(process),
      panic: (reason, cause) => this.#panic(process, reason, cause),
    };
    this.trace.write('world', 'a process starts');
    return { process, env };
  }

  #processesOf(process: Process): SimulatedProcesses {
    if (this.program === undefined) throw new Error('no other programs are there');
    const random = this.random.fork();
    return new SimulatedProcesses(process, this.program, () => random.real(0, programMsMax));
  }

  #workersOf(process: Process): SimulatedWorkers {
    return new SimulatedWorkers(process, this.random.fork(), (thread) => ({
      clock: processClock(thread, this.scheduler, this.wall),
      random: this.random.fork(),
      workers: this.#workersOf(thread),
      network: () => this.network.for(thread),
      pressure: new SimulatedPressure(this.random.fork()),
      // The simulation hears of them.
      outliveRejections() {},
    }));
  }

  /** A machine has one server at a time. */
  lifeOf(_: Process): number {
    return this.lives;
  }

  /** Ends a process as `kill -9` does: what it wrote stays in the page cache. */
  kill(process: Process): void {
    this.#end(process, 'killed');
  }

  /** Ends a process and the machine under it: what was not synced is lost in part. */
  cutPower(process: Process): void {
    this.#end(process, 'power cut');
    this.storage.cutPower(this.random);
  }

  /** Ends a process in one way or another. */
  crash(process: Process): void {
    if (!process.isAlive) return;
    if (this.random.chance(0.5)) this.kill(process);
    else this.cutPower(process);
  }

  /** Resolves when a process next begins to sync: the moment at which a crash is most interesting. */
  nextSync(): Promise<void> {
    return new Promise((resolve) => {
      this.#syncing = resolve;
    });
  }

  /** Lets disk calls fail from now on. */
  breakDisk(faults: Faults): void {
    this.trace.write('world', 'the disk breaks');
    this.#faults = faults;
    this.#faultyUntil = Number.POSITIVE_INFINITY;
  }

  /** Leaves room for so many more bytes on the disk. */
  fillDisk(room: number): void {
    this.trace.write('world', `the disk has room for ${room} bytes`);
    this.storage.leave(room);
    this.#faultyUntil = Number.POSITIVE_INFINITY;
  }

  /** Makes the disk whole and large. */
  heal(): void {
    if (!this.isFaulty) return;
    this.trace.write('world', 'the disk is whole');
    this.#faults = () => undefined;
    this.storage.leave(Number.POSITIVE_INFINITY);
    this.#faultyUntil = this.scheduler.time + aftermath;
  }

  patience(ms: Millis): Promise<void> {
    return this.scheduler.sleep(ms);
  }

  monotonic(): Millis {
    return this.scheduler.time;
  }

  /** True when the disk fails, or did a moment ago. */
  get isFaulty(): boolean {
    return this.scheduler.time < this.#faultyUntil;
  }

  jumpClock(by: Millis): void {
    this.trace.write('world', `the wall clock jumps by ${by} ms`);
    this.wall.jump(by);
  }

  violate(sentence: string): void {
    this.trace.write('VIOLATION', sentence);
    this.violations.push(sentence);
  }

  /** Has one call of the disk meet its fate, whatever else happens. */
  strikeAt(strike: Strike): void {
    this.#strike = strike;
  }

  #fateOf(process: Process, call: DiskCall): string | undefined {
    if (call.kind === 'sync' || call.kind === 'syncDirectory') this.#syncing();
    if (this.#strike?.call === this.diskCalls++) return this.#befall(process, call, this.#strike.fate);
    return this.#faults(call);
  }

  #befall(process: Process, { kind, path }: DiskCall, fate: Fate): string | undefined {
    this.trace.write('world', `${kind} ${path} meets its fate: ${fate}`);
    const isCrash = fate === 'kill' || fate === 'power cut';
    if (!isCrash) this.#faultyUntil = Math.max(this.#faultyUntil, this.scheduler.time + aftermath);
    if (fate === 'EIO' || fate === 'ENOSPC') return fate;
    if (fate === 'short read') return kind === 'read' ? shortRead : undefined;
    // The call is under way by then: done already, or never.
    this.scheduler.after(0, () => (fate === 'kill' ? this.kill(process) : this.cutPower(process)));
    return undefined;
  }

  /** A process may end itself because its disk fails, and for no other reason. */
  #panic(process: Process, reason: string, cause: unknown): void {
    if (process.isAlive && !this.isFaulty) this.violate(`panic: ${reason}: ${String(cause)}`);
    this.#end(process, `panic: ${reason}`);
  }

  #end(process: Process, reason: string): void {
    if (!process.isAlive) return;
    this.trace.write('world', `the process ends: ${reason}`);
    process.die(reason);
  }

  #logger(): Logger {
    const write = (level: string) => (message: string, fields?: LogFields) =>
      this.trace.write('log', `${level} ${message}`, fields === undefined ? '' : ` ${inspect(fields)}`);
    return searchedLogger({ debug() {}, info: write('info'), warn: write('warn'), error: write('error') });
  }
}
