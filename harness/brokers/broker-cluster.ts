import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRunning, startBroker, untilStopped, whenGone } from './broker-process.ts';
import { hostsFile } from './broker-routes.ts';
import { type BrokerPlan, brokerSettings, propertiesText, rackOf } from './broker-settings.ts';
import type { Java } from './jars.ts';

/** All that another process needs to take a cluster over. */
export type ClusterDescription = {
  readonly java: Java;
  readonly folder: string;
  readonly plan: BrokerPlan;
  readonly outlives: boolean;
  /** The process of each broker, as it was started last. */
  readonly pids: readonly number[];
  readonly paused: readonly number[];
};

export type BrokerStatus = {
  readonly id: number;
  readonly rack: string;
  readonly address: string;
  readonly pid: number;
  readonly state: 'running' | 'paused' | 'killed';
};

export type ClusterOptions = {
  readonly java: Java;
  readonly plan: BrokerPlan;
  /** Whether the brokers go on when this process has ended. */
  readonly outlives: boolean;
  /** Users of SCRAM: they are part of a cluster's first state. As StorageTool's `--add-scram` takes them. */
  readonly scramUsers: readonly string[];
  readonly tell: (line: string) => void;
  /** Told of the directory that a broker's data is about to be in: something may be mounted there. */
  readonly prepare?: (id: number, directory: string) => void;
};

/** Real brokers on loopback, their data in a temporary folder. Brokers are numbered from 1. */
export class BrokerCluster {
  readonly #java: Java;
  readonly #folder: string;
  readonly #plan: BrokerPlan;
  readonly #outlives: boolean;
  readonly #pids: number[];
  readonly #paused: Set<number>;

  /** Resolves when the processes are started; `whenReady` says when they answer. */
  static async start(options: ClusterOptions): Promise<BrokerCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-brokers-'));
    const { java, plan, outlives, tell, prepare = () => {} } = options;
    const cluster = new BrokerCluster({ java, folder, plan, outlives, pids: [], paused: [] });
    try {
      tell(`${plan.ports.length === 1 ? 'one broker formats its' : 'the brokers format their'} data`);
      await cluster.#format(options.scramUsers, prepare);
      for (const id of cluster.ids) cluster.#startAlone(id);
      tell(`started: ${cluster.bootstrap}`);
      return cluster;
    } catch (error) {
      cluster.destroy();
      throw error;
    }
  }

  constructor(description: ClusterDescription) {
    this.#java = description.java;
    this.#folder = description.folder;
    this.#plan = description.plan;
    this.#outlives = description.outlives;
    this.#pids = [...description.pids];
    this.#paused = new Set(description.paused);
  }

  get description(): ClusterDescription {
    return {
      java: this.#java,
      folder: this.#folder,
      plan: this.#plan,
      outlives: this.#outlives,
      pids: this.#pids,
      paused: [...this.#paused],
    };
  }

  get ids(): readonly number[] {
    return this.#plan.ports.map((_, index) => index + 1);
  }

  /** Where clients begin: `127.0.0.1:19092,…`. */
  get bootstrap(): string {
    return this.#plan.ports.map(({ clients }) => `127.0.0.1:${clients}`).join(',');
  }

  get status(): readonly BrokerStatus[] {
    return this.#plan.ports.map(({ clients }, index) => {
      const id = index + 1;
      const paused = this.#paused.has(id) ? 'paused' : 'running';
      const state = this.isRunning(id) ? paused : 'killed';
      return { id, rack: rackOf(id), address: `127.0.0.1:${clients}`, pid: this.#pids[index]!, state };
    });
  }

  isRunning(id: number): boolean {
    const pid = this.#pids[id - 1];
    return pid !== undefined && isRunning(pid, this.#settingsFile(id));
  }

  /** kill -9: no goodbye. Resolves when the process is gone. */
  async kill(id: number): Promise<void> {
    this.#signal(id, 'SIGKILL');
    this.#paused.delete(id);
    await this.#whenGone(id);
  }

  /**
   * A broker that is paused keeps its connections, and thinks afterwards that no time has passed. It does
   * nothing more by the time that this returns.
   */
  pause(id: number): void {
    this.#signal(id, 'SIGSTOP');
    if (this.isRunning(id)) untilStopped(this.#pids[id - 1]!);
    this.#paused.add(id);
  }

  resume(id: number): void {
    this.#signal(id, 'SIGCONT');
    this.#paused.delete(id);
  }

  /**
   * Starts a broker again on its data, after having it stop in good order if it runs; with these variables
   * besides those of this process.
   */
  async restart(id: number, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.isRunning(id)) {
      this.resume(id);
      this.#signal(id, 'SIGTERM');
      await this.#whenGone(id);
    }
    this.#startAlone(id, variables);
  }

  /** Ends all brokers at once, and removes their data. */
  destroy(): void {
    for (const id of this.ids) this.#signal(id, 'SIGKILL');
    // A process that is being killed may still write.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  /** What a broker logged last, for a message. */
  lastWords(id: number): string {
    return readFileSync(this.#logFile(id), 'utf8').trimEnd().split('\n').at(-1) ?? '';
  }

  /** The directory of a broker's data. */
  dataOf(id: number): string {
    return join(this.#folder, `data${id}`);
  }

  #startAlone(id: number, variables: Readonly<Record<string, string>> = {}): void {
    const hosts = this.#plan.ports[id - 1]!.peers === undefined ? undefined : this.#hostsFile(id);
    const files = { settings: this.#settingsFile(id), log: this.#logFile(id), hosts, variables };
    this.#pids[id - 1] = startBroker(this.#java, files, this.#outlives);
  }

  #signal(id: number, signal: NodeJS.Signals): void {
    if (this.isRunning(id)) process.kill(this.#pids[id - 1]!, signal);
  }

  async #whenGone(id: number): Promise<void> {
    const pid = this.#pids[id - 1];
    if (pid !== undefined) await whenGone(pid, this.#settingsFile(id));
  }

  async #format(scramUsers: readonly string[], prepare: NonNullable<ClusterOptions['prepare']>) {
    // Sixteen bytes of ASCII: in base64 they never begin with a dash, which would be taken for a flag.
    const clusterId = Buffer.from(randomUUID().slice(0, 16)).toString('base64url');
    const scram = scramUsers.flatMap((user) => ['--add-scram', user]);
    const format = async (id: number) => {
      const data = this.dataOf(id);
      const settings = brokerSettings(this.#plan, id, data);
      mkdirSync(data);
      prepare(id, data);
      writeFileSync(this.#settingsFile(id), propertiesText(settings));
      writeFileSync(this.#hostsFile(id), hostsFile(id, this.#plan.ports));
      const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', this.#settingsFile(id)];
      const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
      const words = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', quiet, '-cp', this.#java.classPath];
      await promisify(execFile)(this.#java.program, [...words, ...tool, ...scram]).catch(saidByStorageTool);
    };
    await Promise.all(this.ids.map(format));
  }

  #settingsFile(id: number): string {
    return join(this.#folder, `broker${id}.properties`);
  }

  #hostsFile(id: number): string {
    return join(this.#folder, `broker${id}.hosts`);
  }

  #logFile(id: number): string {
    return join(this.#folder, `broker${id}.log`);
  }
}

/** Without its command, which is long. */
function saidByStorageTool(error: unknown): never {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  throw new Error(`the data of a broker cannot be formatted: ${said.trim()}`, { cause: error });
}
