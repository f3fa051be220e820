import type { Millis } from '../src/env/clock.ts';
import type {
  KnownPrograms,
  ProcessEnd,
  Processes,
  Program,
  RunningProcess,
  TemporaryFolder,
} from '../src/env/processes.ts';
import type { Process } from './process.ts';

/** What a program does, from its start until it resolves to its exit code. It ends where its process dies. */
export type SimulatedProgram = (process: Process, program: Program) => Promise<number>;

/** Programs that a simulated process starts: each is the same function, and dies with what started it. */
export class SimulatedProcesses implements Processes {
  readonly isolation = 'none';
  readonly known: KnownPrograms = { node: '/bin/node', python: '/bin/python3', searchPath: '/bin' };
  readonly #parent: Process;
  readonly #run: SimulatedProgram;
  readonly #drawDelay: () => Millis;
  #folders = 0;

  /** `drawDelay` says how long what the system does takes. */
  constructor(parent: Process, run: SimulatedProgram, drawDelay: () => Millis) {
    this.#parent = parent;
    this.#run = run;
    this.#drawDelay = drawDelay;
  }

  start(program: Program): RunningProcess {
    const process = this.#parent.fork();
    const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
    const end = (how: ProcessEnd) => {
      if (!process.isAlive) return;
      process.die('its program is over');
      this.#parent.after(this.#drawDelay(), () => resolve(how));
    };
    process.after(this.#drawDelay(), () => {
      this.#run(process, program).then(
        (code) => end({ code }),
        (error: Error) => end({ error }),
      );
    });
    const kill = () => end({ signal: 'SIGKILL' });
    return { ended, kill, memoryBytes: async () => memoryBytes };
  }

  /** Programs of the simulation need no files. */
  async folderWith(): Promise<TemporaryFolder> {
    return { path: `/tmp/folder-${this.#folders++}`, remove: async () => {} };
  }

  async readableCopy({ pathname }: URL): Promise<string> {
    return pathname;
  }

  async ownerOf(): Promise<undefined> {
    return undefined;
  }

  /** Nobody changes code here. */
  async watch(): Promise<Disposable> {
    return { [Symbol.dispose]() {} };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** As much as a small program of Node. */
const memoryBytes = 50_000_000;
