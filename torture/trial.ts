import type { Model, Moment } from '../harness/model.ts';
import type { SeededRandom } from '../harness/random.ts';
import type { TablesModel } from '../harness/tables-model.ts';
import type { Crew } from './crew.ts';
import { CrewAtWork } from './crew-at-work.ts';
import type { Round } from './fault.ts';
import { type Command, type Ending, ServerProcess } from './server-process.ts';
import type { Workshop } from './workshop.ts';

/**
 * One data directory, the servers that live on it one after the other, and clients that work all the while
 * and write down what they were told.
 */
export class Trial implements AsyncDisposable {
  readonly #workshop: Workshop;
  readonly #crew: CrewAtWork;
  #server: ServerProcess | undefined;

  /** `answered` is told of the moment after each answer that a client gets. */
  constructor(workshop: Workshop, random: SeededRandom, answered: (moment: Moment) => void = () => {}) {
    this.#workshop = workshop;
    const way = () => () => this.server.port;
    this.#crew = new CrewAtWork({ way, haste, leavesOpen: false, answered }, random);
  }

  get model(): Model {
    return this.#crew.model;
  }

  get tables(): TablesModel {
    return this.#crew.tables;
  }

  /** The server that lives, or lived last. */
  get server(): ServerProcess {
    return this.#server!;
  }

  /** How often the server refused what is right. */
  get refusals(): number {
    return this.#crew.refusals;
  }

  /** While true it may. */
  set isFaulty(isFaulty: boolean) {
    this.#crew.isFaulty = isFaulty;
  }

  /** Starts a server. False, and a broken promise, when it does not come up. */
  async start(command: Command): Promise<boolean> {
    this.#server = new ServerProcess(this.#workshop, command);
    if (await this.#server.isReady()) return true;
    this.violate(`no start: the server does not come up: ${this.#server.complaint}`);
    return false;
  }

  /** Starts a server, and does not wait for it. */
  begin(command: Command): void {
    this.#server = new ServerProcess(this.#workshop, command);
  }

  /** Has clients at work, from the first call on for the rest of the trial. */
  work(crew?: Crew): void {
    this.#crew.work(crew);
  }

  /** Waits until no client is at work any more, without taking up work again. */
  rest(): Promise<void> {
    return this.#crew.rest();
  }

  /** The server must not have ended by itself; then it is ended as by `kill -9`. */
  async kill(): Promise<void> {
    if (this.server.hasEnded) this.violateEnding(await this.server.ended);
    await this.server.kill();
    await this.rest();
  }

  violateEnding({ code, signal }: Ending): void {
    this.violate(`ended: the server ended by itself (${signal ?? code}): ${this.server.complaint}`);
  }

  violate(sentence: string): void {
    this.#crew.violate(sentence);
  }

  /** Checks everything while no client works. The server must be up and in good health. */
  async audit(): Promise<Round> {
    await this.#crew.audit();
    if (this.server.hasEnded) this.violateEnding(await this.server.ended);
    return this.verdict();
  }

  /** Takes for lost what was acknowledged for streams that cannot be looked at. */
  missUnseen(): void {
    this.#crew.missUnseen();
  }

  /** What came of the time since the last verdict. */
  verdict(): Round {
    return this.#crew.verdict();
  }

  /** Ends the server and the clients. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Clients that are dismissed ask for nothing more; what is under way ends with the server.
    const dismissed = this.#crew.dismiss();
    await this.#server?.kill();
    await dismissed;
  }
}

/** Clients shall be at work when the fault comes. */
const haste = 20;
