import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BlockEvent } from './block-trace.ts';

/** What the device's thread is given. */
export type DeviceData = {
  readonly socket: string;
  readonly content: SharedArrayBuffer;
  readonly count: SharedArrayBuffer;
};

/**
 * A block device in memory that writes down what it is told, served over NBD on a socket. It has a thread of
 * its own, so that it answers while this one waits for the kernel.
 */
export class BlockDevice implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #count: Int32Array;

  static async serve(socket: string, initial: Uint8Array): Promise<BlockDevice> {
    const content = new SharedArrayBuffer(initial.length);
    new Uint8Array(content).set(initial);
    const count = new SharedArrayBuffer(4);
    const workerData: DeviceData = { socket, content, count };
    const worker = new Worker(new URL('./block-device-thread.ts', import.meta.url), { workerData });
    await once(worker, 'message');
    return new BlockDevice(worker, new Int32Array(count));
  }

  constructor(worker: Worker, count: Int32Array) {
    this.#worker = worker;
    this.#count = count;
  }

  /** How many events there were. What is read here is read after the device answered them. */
  get position(): number {
    return Atomics.load(this.#count, 0);
  }

  /** Everything since the start. */
  async events(): Promise<readonly BlockEvent[]> {
    this.#worker.postMessage('events');
    const [events] = await once(this.#worker, 'message');
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
