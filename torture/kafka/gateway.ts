import { Way } from '../../harness/brokers/way.ts';
import { type Command, type Ending, millrace, ServerProcess } from '../server-process.ts';
import type { Workshop } from '../workshop.ts';

/** What a gateway is started with. */
export type GatewayPlan = {
  /** From 1. */
  readonly number: number;
  readonly cluster: string;
  /** As `--brokers` takes it. */
  readonly brokers: string;
  /** A directory of its own. */
  readonly data: string;
  /** The file with the root key of all. */
  readonly rootKey: string;
  readonly workers: number;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
};

/** A gateway, from one life to the next, and the way by which the others reach it. */
export class Gateway {
  readonly number: number;
  readonly #workshop: Workshop;
  readonly #command: Command;
  readonly #peers: Way;
  #process: ServerProcess | undefined;
  /** True from when it is asked to end, or ended, until it is started again. */
  #mayEnd = true;

  /** `peerPort` is where it listens for other gateways. */
  static async plan(workshop: Workshop, plan: GatewayPlan, peerPort: number): Promise<Gateway> {
    const peers = await Way.open(peerPort);
    workshop.owe(() => peers.close());
    return new Gateway(workshop, plan, peerPort, peers);
  }

  private constructor(workshop: Workshop, plan: GatewayPlan, peerPort: number, peers: Way) {
    const { number, data, env, workers } = plan;
    this.number = number;
    this.#workshop = workshop;
    this.#peers = peers;
    const kafka = ['--engine', 'kafka', '--brokers', plan.brokers, '--cluster', plan.cluster];
    const own = ['--rack', `az${number}`, '--root-key', `file:${plan.rootKey}`, '--audit', 'off'];
    const among = ['--peer-listen', `127.0.0.1:${peerPort}`, '--peer-address', `127.0.0.1:${peers.port}`];
    const flags = [...kafka, ...own, ...among, ...plan.flags];
    this.#command = millrace(data, { workers, env: { ...env }, flags });
  }

  /** Where clients reach it; undefined while there is nobody. */
  get port(): number | undefined {
    return this.#process?.port;
  }

  /** How it ended by itself; undefined when it did not. */
  get ending(): Promise<Ending> | undefined {
    return !this.#mayEnd && this.#process?.hasEnded ? this.#process.ended : undefined;
  }

  get complaint(): string {
    return this.#process?.complaint ?? '';
  }

  /** False when it does not come up. */
  async start(): Promise<boolean> {
    this.#process = new ServerProcess(this.#workshop, this.#command);
    this.#mayEnd = false;
    return await this.#process.isReady();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#mayEnd = true;
    await this.#process?.kill();
  }

  /** SIGTERM: requests under way are answered. Answers how it ended. */
  async stop(): Promise<Ending> {
    this.#mayEnd = true;
    this.#process!.signal('SIGTERM');
    return await this.#process!.ended;
  }

  pause(): void {
    this.#process!.signal('SIGSTOP');
  }

  resume(): void {
    this.#process!.signal('SIGCONT');
  }

  /** No other gateway reaches it by connections that they began. */
  cutFromPeers(): void {
    this.#peers.cut();
  }

  mendPeers(): void {
    this.#peers.mend();
  }

  close(): void {
    this.#peers.close();
  }
}
