import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Load, Order, OutcomeOf, Reply } from './load.ts';
import type { RunningServer } from './running-server.ts';
import type { Workshop } from './workshop.ts';

/** The benchmark's end of the generator process. It is started once and kept, so that its code is warm. */
export class LoadGenerator {
  readonly #workshop: Workshop;
  #child: ChildProcess | undefined;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  /** Rejects when the load failed or took longer than anything should. */
  async run<L extends Load>(server: RunningServer, load: L): Promise<OutcomeOf[L['kind']]> {
    const order: Order = { port: server.port, serverPid: server.pid, load };
    const reply = await this.#ask(order);
    if ('failure' in reply) throw new Error(reply.failure);
    // The generator answers each kind of load with its kind of outcome.
    return reply.outcome as OutcomeOf[L['kind']];
  }

  async #ask(order: Order): Promise<Reply> {
    const script = join(import.meta.dirname, 'generator.ts');
    this.#child ??= this.#workshop.start('generator', process.execPath, [script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const child = this.#child;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const onMessage = (message: unknown) => resolve(message as Reply);
    const onExit = () => {
      this.#child = undefined;
      resolve({ failure: `the load generator ended, or took more than ${loadMsMax / 1000} s` });
    };
    child.once('message', onMessage).once('exit', onExit);
    const timer = setTimeout(() => void this.#workshop.end(child), loadMsMax);
    child.send(order);
    const reply = await promise;
    clearTimeout(timer);
    child.off('message', onMessage).off('exit', onExit);
    return reply;
  }
}

/** Filling a disk with 10 GB takes minutes, and a fleet works as long as it is told to. */
const loadMsMax = 1_800_000;
