import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../harness/answer.ts';
import { audit } from '../harness/audit.ts';
import { checkTables } from '../harness/check-tables.ts';
import { check } from '../harness/checker.ts';
import { Model, type Moment, type Status } from '../harness/model.ts';
import type { SeededRandom } from '../harness/random.ts';
import { dynamodb } from '../harness/signer.ts';
import { auditTables } from '../harness/tables-audit.ts';
import { TablesModel } from '../harness/tables-model.ts';
import type { Surroundings, Work } from '../harness/workload.ts';
import { Client } from './client.ts';
import { allClients, type Crew } from './crew.ts';
import type { Round } from './fault.ts';
import { Gate } from './gate.ts';
import { Promises } from './promises.ts';
import { type Command, type Ending, ServerProcess } from './server-process.ts';
import type { Workshop } from './workshop.ts';

/**
 * One data directory, the servers that live on it one after the other, and clients that work all the while
 * and write down what they were told. Clients and checker are those of the simulation.
 */
export class Trial implements AsyncDisposable {
  readonly model = new Model(() => Date.now());
  readonly tables = new TablesModel(() => this.model.moment());
  readonly #workshop: Workshop;
  readonly #random: SeededRandom;
  readonly #answered: (moment: Moment) => void;
  readonly #promises = new Promises();
  readonly #gate = new Gate();
  readonly #said = new Set<string>();
  #fresh: string[] = [];
  #counted = 0;
  #clients: Promise<unknown> | undefined;
  #isOver = false;
  #server: ServerProcess | undefined;
  /** While true the server may refuse what is right. */
  isFaulty = false;
  /** How often it did. */
  refusals = 0;

  /** `answered` is told of the moment after each answer that a client gets. */
  constructor(workshop: Workshop, random: SeededRandom, answered: (moment: Moment) => void = () => {}) {
    this.#answered = answered;
    this.#workshop = workshop;
    this.#random = random;
  }

  /** The server that lives, or lived last. */
  get server(): ServerProcess {
    return this.#server!;
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
  work(crew: Crew = allClients): void {
    this.tables.counters = undefined;
    this.#gate.open();
    this.#clients ??= Promise.all(crew.map((member) => this.#employ(member)));
  }

  /** Waits until no client is at work any more, without taking up work again. */
  rest(): Promise<void> {
    return this.#gate.close();
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
    if (!this.#said.has(sentence)) this.#fresh.push(sentence);
    this.#said.add(sentence);
  }

  /** Checks everything while no client works. The server must be up and in good health. */
  async audit(): Promise<Round> {
    await this.rest();
    this.isFaulty = false;
    for (const stream of this.model.streams) {
      stream.readers.push(...(stream.last?.readers ?? []));
      stream.last = undefined;
    }
    const client = new Client('auditor', () => this.server.port);
    const random = this.#random.fork();
    const { model, tables } = this;
    const work: Work = { world: this.#world(sleep), model, tables, random, client, isOver: () => false };
    const before = this.#fresh.length;
    await this.#auditNames(client);
    // Where streams are gone the rest would only be waited for.
    if (this.#fresh.length === before) await audit(work);
    else this.missUnseen();
    client.close();
    const ofTables = new Client('auditor of tables', () => this.server.port, dynamodb);
    await auditTables({ ...work, client: ofTables });
    ofTables.close();
    for (const { name, last } of this.model.streams) {
      if (last !== undefined)
        for (const sentence of this.#promises.checkShards(name, last.listing.shards)) this.violate(sentence);
    }
    if (this.server.hasEnded) this.violateEnding(await this.server.ended);
    return this.verdict();
  }

  /** Takes for lost what was acknowledged for streams that cannot be looked at. */
  missUnseen(): void {
    for (const { id, stream, outcome } of this.model.attempts.values()) {
      const isMissed =
        outcome.kind === 'acknowledged' && stream.doomed === undefined && stream.last === undefined;
      if (isMissed) this.violate(`lost: ${id} was acknowledged, and ${stream.name} cannot be read`);
    }
  }

  /** What came of the time since the last verdict. */
  verdict(): Round {
    for (const sentence of check(this.model)) this.violate(sentence);
    for (const sentence of checkTables(this.tables)) this.violate(sentence);
    const all = acknowledgedOf(this.model) + this.tables.acknowledged;
    const round = { acknowledged: all - this.#counted, violations: this.#fresh };
    this.#counted = all;
    this.#fresh = [];
    return round;
  }

  /** Ends the server and the clients. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#server?.kill();
    this.#gate.open();
    await this.#clients;
  }

  /** Streams are where the control plane promised them to be. */
  async #auditNames(client: Client): Promise<void> {
    for (const name of this.#promises.names) {
      const status = await statusOf(client, name);
      if (status === undefined) this.violate(`silent: ${name} cannot be described`);
      else for (const sentence of this.#promises.checkStatus(name, status)) this.violate(sentence);
    }
  }

  /** A client at work, from when the gate lets it in until the trial is over. */
  async #employ({ name, run, service }: Crew[number]): Promise<void> {
    const client = new Client(name, () => this.server.port, service);
    const call = async <T>(operation: string, input: object): Promise<Answer<T>> => {
      if (this.#isOver) return { kind: 'silence' };
      this.#promises.sent(operation, input);
      const answer = await client.call<T>(operation, input);
      this.#promises.answered(operation, input, answer);
      this.#answered(this.model.moment());
      if (answer.kind === 'error' && answer.type.startsWith('Internal')) this.refusals++;
      return answer;
    };
    const random = this.#random.fork();
    const world = this.#world((ms) => this.#pause(ms));
    await this.#gate.enter();
    const subscribe = (input: object) => client.subscribe(input);
    const employed = { name, call, subscribe };
    const { model, tables } = this;
    await run({ world, model, tables, random, client: employed, isOver: () => this.#isOver });
    this.#gate.leave();
    client.close();
  }

  /**
   * Clients are let in and kept out while they take a breath: then none of them is in the middle of anything.
   */
  async #pause(ms: number): Promise<void> {
    this.#gate.leave();
    await sleep(ms / haste);
    await this.#gate.enter();
  }

  #world(pause: (ms: number) => Promise<void>): Surroundings {
    const trial = this;
    return {
      scheduler: { sleep: pause },
      patience: (ms) => sleep(ms / haste),
      wall: { now: () => Date.now() },
      monotonic: () => performance.now(),
      get isFaulty() {
        return trial.isFaulty;
      },
      // It is never asked to: it is killed.
      isClosing: false,
      violate: (sentence) => this.violate(sentence),
    };
  }
}

/** Clients of the simulation take their time. These shall be at work when the fault comes. */
const haste = 20;

function acknowledgedOf({ attempts }: Model): number {
  let count = 0;
  for (const { outcome } of attempts.values()) if (outcome.kind === 'acknowledged') count++;
  return count;
}

async function statusOf(client: Client, name: string): Promise<Status | undefined> {
  type Summary = { readonly StreamDescriptionSummary: { readonly StreamStatus: Status } };
  const answer = await client.call<Summary>('DescribeStreamSummary', { StreamName: name });
  if (answer.kind === 'output') return answer.output.StreamDescriptionSummary.StreamStatus;
  return answer.kind === 'error' && answer.type === 'ResourceNotFoundException' ? 'GONE' : undefined;
}
