import type { Clock } from '../../src/env/clock.ts';
import type { Random } from '../../src/env/random.ts';
import type { NamedPorts, Port, Worker, WorkerEnv, WorkerProgram, Workers } from '../../src/env/workers.ts';

/**
 * Threads that run in this one: what goes through a port is copied and arrives in a turn of its own. Each
 * runs the program that a thread of the machine runs.
 */
export class ThreadsInProcess implements Workers {
  readonly coresMax = 2;
  readonly #env: Pick<WorkerEnv, 'clock' | 'random'>;
  started = 0;

  constructor(clock: Clock, random: Random) {
    this.#env = { clock, random };
  }

  start<Data, Ports extends NamedPorts>(
    program: WorkerProgram<Data, Ports>,
    data: Data,
    ports: Ports,
  ): Worker {
    this.started += 1;
    const env: WorkerEnv = {
      ...this.#env,
      workers: this,
      pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
      network() {
        throw new Error('there is none');
      },
      outliveRejections() {},
    };
    const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
    program.run(structuredClone(data), ports, env).then(() => resolve(undefined), resolve);
    return {
      ended,
      async terminate() {
        for (const port of Object.values(ports)) port.close();
        resolve(undefined);
      },
    };
  }

  channel<Out, In>(): readonly [Port<Out, In>, Port<In, Out>] {
    const one = new TurnPort<Out, In>();
    const other = new TurnPort<In, Out>();
    one.peer = other;
    other.peer = one;
    return [one, other];
  }
}

class TurnPort<Out, In> implements Port<Out, In> {
  peer: TurnPort<In, Out> | undefined;
  #waiting: In[] = [];
  #receive: ((message: In) => void) | undefined;
  #closed: (() => void) | undefined;
  #isClosed = false;

  post(message: Out, handedOver: ArrayBuffer[] = []): void {
    const copy = structuredClone(message, { transfer: handedOver });
    setImmediate(() => this.peer?.arrive(copy));
  }

  listen(receive: (message: In) => void, closed?: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
    for (const message of this.#waiting.splice(0)) receive(message);
  }

  take(): { readonly message: In } | undefined {
    return this.#waiting.length === 0 ? undefined : { message: this.#waiting.shift()! };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    setImmediate(() => this.peer?.end());
    this.#closed?.();
  }

  arrive(message: In): void {
    if (this.#isClosed) return;
    if (this.#receive === undefined) this.#waiting.push(message);
    else this.#receive(message);
  }

  end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closed?.();
  }
}
