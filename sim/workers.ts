import type { SeededRandom } from '../harness/random.ts';
import type { Millis } from '../src/env/clock.ts';
import type { NamedPorts, Port, Worker, WorkerEnv, WorkerProgram, Workers } from '../src/env/workers.ts';
import type { Process } from './process.ts';

/**
 * Threads of a simulated process. Each runs the program that a thread of the machine runs, in this thread and
 * yet apart from the others: what goes through a port is copied, or changes hands, and arrives a while later.
 */
export class SimulatedWorkers implements Workers {
  readonly coresMax = 4;
  readonly #process: Process;
  readonly #random: SeededRandom;
  readonly #envOf: (thread: Process) => WorkerEnv;

  /** `envOf` is the outside world as a thread sees it, which ends with its process at the latest. */
  constructor(process: Process, random: SeededRandom, envOf: (thread: Process) => WorkerEnv) {
    this.#process = process;
    this.#random = random;
    this.#envOf = envOf;
  }

  start<Data, Ports extends NamedPorts>(
    program: WorkerProgram<Data, Ports>,
    data: Data,
    ports: Ports,
  ): Worker {
    const thread = this.#process.fork();
    const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
    const end = (error?: unknown) => {
      thread.die('its program is over');
      for (const port of Object.values(ports)) port.close();
      this.#process.after(0, () => resolve(error as Error | undefined));
    };
    const given = structuredClone(data);
    for (const port of Object.values(ports)) (port as SimulatedPort).holder = thread;
    thread.after(this.#random.real(0, startMsMax), () => {
      program.run(given, ports, this.#envOf(thread)).then(() => end(), end);
    });
    return {
      ended,
      async terminate() {
        end();
        await ended;
      },
    };
  }

  channel<Out, In>(): readonly [Port<Out, In>, Port<In, Out>] {
    const one = new SimulatedPort<Out, In>(this.#process, this.#random);
    const other = new SimulatedPort<In, Out>(this.#process, this.#random);
    one.peer = other;
    other.peer = one;
    return [one, other];
  }
}

/** A thread loads its modules first. */
const startMsMax: Millis = 50;

class SimulatedPort<Out = unknown, In = unknown> implements Port<Out, In> {
  /** The thread that has this end. */
  holder: Process;
  peer: SimulatedPort<In, Out> | undefined;
  readonly #random: SeededRandom;
  #arrived: In[] = [];
  #receive: ((message: In) => void) | undefined;
  #closed: (() => void) | undefined;
  #isClosed = false;

  constructor(holder: Process, random: SeededRandom) {
    this.holder = holder;
    this.#random = random;
  }

  post(message: Out, handedOver: ArrayBuffer[] = []): void {
    const copy = structuredClone(message, { transfer: handedOver });
    if (!this.#isClosed) this.peer!.#enqueue(copy);
  }

  listen(receive: (message: In) => void, closed?: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
    for (let nth = 0; nth < this.#arrived.length; nth++) this.#deliverSoon();
  }

  take(): { readonly message: In } | undefined {
    return this.#arrived.length === 0 ? undefined : { message: this.#arrived.shift()! };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.peer!.#hearEnd();
  }

  #enqueue(message: In): void {
    this.#arrived.push(message);
    if (this.#receive !== undefined) this.#deliverSoon();
  }

  /** Whichever message is the next by then: an event may find that one was taken. */
  #deliverSoon(): void {
    const delay = this.#random.chance(wakefulChance) ? this.#random.real(0, 0.05) : this.#random.real(0, 3);
    this.holder.after(delay, () => {
      const taken = this.take();
      if (taken !== undefined) this.#receive!(taken.message);
    });
  }

  #hearEnd(): void {
    // After everything that was posted before.
    this.holder.after(hearMs, () => {
      for (let taken = this.take(); taken !== undefined; taken = this.take()) this.#receive?.(taken.message);
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#closed?.();
    });
  }
}

/** A thread that is at work sees at once what comes for it; one that sleeps is woken. */
const wakefulChance = 0.9;
/** Later than any message arrives. */
const hearMs: Millis = 3;
