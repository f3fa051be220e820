import type { WallClock } from '../clock.ts';
import type { Process } from '../process.ts';
import { Storage } from '../storage.ts';

/** Whom a machine may be cut off from. */
export type Side = 'clients' | 'brokers' | 'peers';

export const sides: readonly Side[] = ['clients', 'brokers', 'peers'];

/** A machine that a gateway runs on, with clocks and a small disk of its own. */
export class GatewayMachine {
  readonly name: string;
  /** Loopback, where a server lets everyone in. */
  readonly host: string;
  readonly rack: string;
  readonly wall: WallClock;
  readonly storage = new Storage();
  readonly locks = new Map<string, Process | undefined>();
  /** The latest one. */
  process: Process | undefined;
  readonly #cuts = new Set<Side>();
  #cutOff = new AbortController();

  constructor(index: number, wall: WallClock) {
    this.name = `gateway ${index + 1}`;
    this.host = `127.0.0.${index + 1}`;
    this.rack = `az${index + 1}`;
    this.wall = wall;
  }

  get isAlive(): boolean {
    return this.process?.isAlive ?? false;
  }

  /** Whether it is cut off from anything, or stands still. */
  get isHarmed(): boolean {
    return this.#cuts.size > 0 || (this.process?.isPaused ?? false);
  }

  /** Aborted when the machine is cut off from brokers. */
  get cutOff(): AbortSignal {
    return this.#cutOff.signal;
  }

  isCutFrom(side: Side): boolean {
    return this.#cuts.has(side);
  }

  cut(side: Side): void {
    this.#cuts.add(side);
    if (side === 'brokers') this.#cutOff.abort();
  }

  heal(): void {
    if (this.#cuts.delete('brokers')) this.#cutOff = new AbortController();
    this.#cuts.clear();
  }
}
