import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../harness/random.ts';
import type { Client } from '../client.ts';

/** A record that was sent, once; its text is JSON unless it is poison. */
export type Sent = { readonly id: string; readonly text: string; isAcknowledged: boolean };

/** How a service takes records. */
export type Door = {
  readonly operation: string;
  input(texts: readonly string[]): object;
  /** Of each record whether it was taken. */
  taken(output: unknown): readonly boolean[];
};

/** Puts records that say who they are, as long as it is let, and keeps what became of them. */
export class FlightProducer {
  readonly name: string;
  readonly #client: Client;
  readonly #door: Door;
  readonly #random: SeededRandom;
  readonly #sent = new Map<string, Sent>();
  readonly #ended: Promise<void>;
  #acknowledged = 0;
  #isOver = false;
  #isHeld = true;
  #isPutting = false;

  /** Nothing is put until it is let. */
  constructor(name: string, client: Client, door: Door, random: SeededRandom) {
    this.name = name;
    this.#client = client;
    this.#door = door;
    this.#random = random;
    this.#ended = this.#produce();
  }

  get sent(): ReadonlyMap<string, Sent> {
    return this.#sent;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  go(): void {
    this.#isHeld = false;
  }

  /** Resolves when nothing is under way any more. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    while (this.#isPutting) await sleep(5);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#client.close();
    await this.#ended;
  }

  async #produce(): Promise<void> {
    while (!this.#isOver) {
      if (!this.#isHeld) {
        this.#isPutting = true;
        await this.#put(this.#random.between(1, 40));
        this.#isPutting = false;
      }
      await sleep(this.#random.real(0, 60));
    }
  }

  async #put(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => this.#next());
    const input = this.#door.input(records.map(({ text }) => text));
    const answer = await this.#client.call(this.#door.operation, input);
    if (answer.kind !== 'output') return;
    for (const [index, isTaken] of this.#door.taken(answer.output).entries()) {
      records[index]!.isAcknowledged = isTaken;
      this.#acknowledged += Number(isTaken);
    }
  }

  #next(): Sent {
    const nth = this.#sent.size;
    const id = `${this.name}-${nth}`;
    const flight = { id, origin: origins[nth % origins.length], delay: nth % 91, distance: nth * 7 };
    const text = nth % poisonEvery === poisonEvery - 1 ? `${id} is poison` : JSON.stringify(flight);
    const sent = { id, text, isAcknowledged: false };
    this.#sent.set(id, sent);
    return sent;
  }
}

const origins = ['ORD', 'ATL', 'DFW', 'PHX', 'LAX'];
const poisonEvery = 61;
