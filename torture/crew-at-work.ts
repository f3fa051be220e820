import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../harness/answer.ts';
import { audit } from '../harness/audit.ts';
import { checkTables } from '../harness/check-tables.ts';
import { check } from '../harness/checker.ts';
import { Model, type Moment, type Status } from '../harness/model.ts';
import type { SeededRandom } from '../harness/random.ts';
import { dynamodb, type SignedService } from '../harness/signer.ts';
import { auditTables } from '../harness/tables-audit.ts';
import { TablesModel } from '../harness/tables-model.ts';
import type { Surroundings, Work } from '../harness/workload.ts';
import { Client } from './client.ts';
import { allClients, type Crew } from './crew.ts';
import type { Round } from './fault.ts';
import { Gate } from './gate.ts';
import { Promises } from './promises.ts';

/** Where a crew works. */
export type Workplace = {
  /**
   * How one client finds it: answers, whenever it is asked, the port that the client calls next; undefined
   * while there is none. It is told whether the call before failed.
   */
  way(random: SeededRandom): (afterFailure: boolean) => number | undefined;
  /** Clients of the simulation take their time. How many times as fast they shall be here. */
  readonly haste: number;
  /**
   * An internal failure (5xx) leaves open what became of a request, as no answer does; and arrival times are
   * those of several clocks.
   */
  readonly leavesOpen: boolean;
  /** See `Model`. */
  readonly tipLagMs?: number;
  /** Told of the moment after each answer that a client gets. */
  readonly answered?: (moment: Moment) => void;
};

/**
 * Clients that work and write down what they were told, and the judgement of it. Clients and checker are
 * those of the simulation.
 */
export class CrewAtWork {
  readonly model = new Model(
    () => Date.now(),
    () => performance.now(),
  );
  readonly tables = new TablesModel(() => this.model.moment());
  readonly #place: Workplace;
  readonly #random: SeededRandom;
  readonly #promises = new Promises();
  readonly #gate = new Gate();
  readonly #said = new Set<string>();
  #fresh: string[] = [];
  #counted = 0;
  #clients: Promise<unknown> | undefined;
  #isOver = false;
  /** While true the server may refuse what is right. */
  isFaulty = false;
  /** How often it did. */
  refusals = 0;

  constructor(place: Workplace, random: SeededRandom) {
    this.#place = place;
    this.#random = random;
    this.model.hasManyClocks = place.leavesOpen;
    this.model.tipLagMs = place.tipLagMs ?? 0;
  }

  /** Has clients at work, from the first call on until they are dismissed. */
  work(crew: Crew = allClients): void {
    this.tables.counters = undefined;
    this.#gate.open();
    this.#clients ??= Promise.all(crew.map((member) => this.#employ(member)));
  }

  /** Waits until no client is at work any more, without taking up work again. */
  rest(): Promise<void> {
    return this.#gate.close();
  }

  violate(sentence: string): void {
    if (!this.#said.has(sentence)) this.#fresh.push(sentence);
    this.#said.add(sentence);
  }

  /** Looks at everything while no client works. All must be up and in good health. */
  async audit(): Promise<void> {
    await this.rest();
    this.isFaulty = false;
    for (const stream of this.model.streams) {
      stream.readers.push(...(stream.last?.readers ?? []));
      stream.last = undefined;
    }
    const client = this.client('auditor');
    const random = this.#random.fork();
    const { model, tables } = this;
    const work: Work = { world: this.#world(sleep), model, tables, random, client, isOver: () => false };
    const before = this.#fresh.length;
    await this.#auditNames(client);
    // Where streams are gone the rest would only be waited for.
    if (this.#fresh.length === before) await audit(work);
    else this.missUnseen();
    client.close();
    const ofTables = this.client('auditor of tables', dynamodb);
    await auditTables({ ...work, client: ofTables });
    ofTables.close();
    for (const { name, last } of this.model.streams) {
      if (last !== undefined)
        for (const sentence of this.#promises.checkShards(name, last.listing.shards)) this.violate(sentence);
    }
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

  /** Has the clients come to their end. What they work on may be gone by then. */
  async dismiss(): Promise<void> {
    this.#isOver = true;
    this.#gate.open();
    await this.#clients;
  }

  /** A client of this place, whose failures leave open what they leave open here. */
  client(name: string, service?: SignedService, patienceMs?: number): Client {
    const leavesOpen = (said: string) => {
      if (!this.isFaulty && !this.#isOver) this.violate(`failed: ${name} got ${said}`);
    };
    return new Client(name, this.#place.way(this.#random.fork()), service, {
      ...(patienceMs !== undefined && { patienceMs }),
      ...(this.#place.leavesOpen && { leavesOpen }),
    });
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
  async #employ({ name, run, service, patienceMs }: Crew[number]): Promise<void> {
    const client = this.client(name, service, patienceMs);
    const call = async <T>(operation: string, input: object): Promise<Answer<T>> => {
      if (this.#isOver) return { kind: 'silence' };
      this.#promises.sent(operation, input);
      const answer = await client.call<T>(operation, input);
      this.#promises.answered(operation, input, answer);
      this.#place.answered?.(this.model.moment());
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
    await sleep(ms / this.#place.haste);
    await this.#gate.enter();
  }

  #world(pause: (ms: number) => Promise<void>): Surroundings {
    const crew = this;
    return {
      scheduler: { sleep: pause },
      patience: (ms) => sleep(ms / this.#place.haste),
      wall: { now: () => Date.now() },
      monotonic: () => performance.now(),
      leavesOpen: this.#place.leavesOpen,
      get isFaulty() {
        return crew.isFaulty;
      },
      // It is never asked to: it is killed.
      isClosing: false,
      violate: (sentence) => this.violate(sentence),
    };
  }
}

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
