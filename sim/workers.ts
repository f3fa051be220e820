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
    for (const port of Object.values(ports)) (port as SimulatedPort).becomeOf(thread, end);
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
  #holder: Process;
  /** Hears what `receive` throws. */
  #failed: (error: unknown) => void = (error) => {
    throw error;
  };
  peer: SimulatedPort<In, Out> | undefined;
  readonly #random: SeededRandom;
  readonly #delayMax: Millis;
  #arrived: In[] = [];
  #receive: ((message: In) => void) | undefined;
  #closed: (() => void) | undefined;
  #isClosed = false;

  constructor(holder: Process, random: SeededRandom) {
    this.#holder = holder;
    this.#random = random;
    this.#delayMax = random.pick(delaysMax);
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

  /** Goes to a thread, which ends with what it does not catch. */
  becomeOf(thread: Process, failed: (error: unknown) => void): void {
    this.#holder = thread;
    this.#failed = failed;
  }

  #hear(message: In): void {
    try {
      this.#receive?.(message);
    } catch (error) {
      this.#failed(error);
    }
  }

  #enqueue(message: In): void {
    this.#arrived.push(message);
    if (this.#receive !== undefined) this.#deliverSoon();
  }

  /** Whichever message is the next by then: an event may find that one was taken. */
  #deliverSoon(): void {
    this.#holder.after(this.#random.real(0, this.#delayMax), () => {
      const taken = this.take();
      if (taken !== undefined) this.#hear(taken.message);
    });
  }

  #hearEnd(): void {
    // After everything that was posted before.
    this.#holder.after(this.#delayMax, () => {
      for (let taken = this.take(); taken !== undefined; taken = this.take()) this.#hear(taken.message);
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#closed?.();
    });
  }
}

/** Until a thread takes a message: some are busy with other things, or must be woken. */
const delaysMax: readonly Millis[] = [0.05, 0.05, 0.5, 2, 20];
