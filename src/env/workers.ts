import { isMarkedAsUntransferable } from 'node:worker_threads';
import type { Env } from './env.ts';
import type { Logger } from './logger.ts';
import type { Network } from './network.ts';

/**
 * Other threads of this process. They share no objects: what goes from one to another is copied, handed over,
 * or is a SharedArrayBuffer, which all of them see.
 */
export interface Workers {
  /** How many threads can run at once. */
  readonly coresMax: number;
  /**
   * Starts a thread that runs a program. `data` is copied, and the ports are the thread's from now on.
   */
  start<Data, Ports extends NamedPorts>(
    program: WorkerProgram<Data, Ports>,
    data: Data,
    ports: Ports,
  ): Worker;
  /** Two ports: what is posted at one comes out of the other. */
  channel<Out, In>(): readonly [Port<Out, In>, Port<In, Out>];
}

/** What a thread does, from its start to its end. */
export type WorkerProgram<Data, Ports extends NamedPorts> = {
  /** What tools that look at threads call it. */
  readonly name: string;
  /** The module that a thread of the machine begins with: it does what `run` does. */
  readonly module: URL;
  /** What its old and its young objects may take; undefined leaves that to the machine. */
  readonly heapMiBMax?: { readonly old: number; readonly young: number };
  /**
   * Whether a machine runs it in a process of its own, without data, and shares no memory with it. The limit
   * of a thread's heap is kept only as that grows by and by: a single text that is larger ends the process.
   */
  readonly isApart?: true;
  readonly run: (data: Data, ports: Ports, env: WorkerEnv) => Promise<void>;
};

/** The outside world as a worker has it: files are the owner's, and it logs to a logger of its own. */
export type WorkerEnv = Pick<Env, 'clock' | 'random' | 'workers' | 'pressure'> & {
  /** The machine's ports. */
  network(logger: Logger): Network;
  /** Has rejections logged that no code of the thread handles, which then do not end it. */
  outliveRejections(logger: Logger): void;
};

export type NamedPorts = Readonly<Record<string, Port>>;

/** A thread that was started. */
export interface Worker {
  /** Resolves when the thread has ended: to the error that ended it, undefined when its program was over. */
  readonly ended: Promise<Error | undefined>;
  /**
   * The share of the time, 0 to 1, in which its event loop had something to do since it was last asked or
   * began; absent where threads do not tell.
   */
  busy?(): number;
  /** Ends the thread, wherever it is in its program. Resolves when it has ended. */
  terminate(): Promise<void>;
}

/**
 * One end of a channel, held by one thread. A message is plain data: objects without methods, bytes, memory
 * that threads share. Messages arrive in the order in which they were posted, each once.
 */
export interface Port<Out = unknown, In = unknown> {
  /**
   * Posts a message. Memory that is `handedOver` is not copied: it is the receiver's, and every view of it
   * here is empty from now on. Pooled memory cannot be handed over.
   */
  post(message: Out, handedOver?: ArrayBuffer[]): void;
  /**
   * Has `receive` take the messages from now on, each in an event of its own; those that arrived before are
   * delivered, too. `closed` runs once when the other end is closed, or its thread has ended, after what that
   * end posted. Until it is closed, a port that listens keeps its thread from ending.
   */
  listen(receive: (message: In) => void, closed?: () => void): void;
  /** The next message that was posted and not received, without waiting for its event; undefined for none. */
  take(): { readonly message: In } | undefined;
  /** Ends both ends. What was posted still arrives. */
  close(): void;
}

/** Whether memory belongs to Node's pool, which other buffers share. */
export function isPooled(memory: ArrayBuffer): boolean {
  return isMarkedAsUntransferable(memory);
}
