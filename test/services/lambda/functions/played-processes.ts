import type { Handler, HttpResponse, Network } from '../../../../src/env/network.ts';
import type { ProcessEnd, Processes, Program, RunningProcess } from '../../../../src/env/processes.ts';

/** A network within this process: what listens is asked directly. */
export class PlayedNetwork implements Network {
  readonly #handlers = new Map<string, Handler>();
  #ports = 0;

  async listen<At>(_place: At, handle: Handler) {
    const port = ++this.#ports;
    const authority = `127.0.0.1:${port}`;
    this.#handlers.set(authority, handle);
    const endpoint = { host: '127.0.0.1', port } as At;
    return {
      endpoint,
      shed() {},
      close: async () => {
        this.#handlers.delete(authority);
      },
    };
  }

  async share(): Promise<undefined> {}

  async reserve(): Promise<never> {
    throw new Error('nothing is reserved here');
  }

  /** How many listen. */
  get size(): number {
    return this.#handlers.size;
  }

  async ask(authority: string, method: string, path: string, body: string, rawHeaders: string[]) {
    const handle = this.#handlers.get(authority);
    if (handle === undefined) throw new Error('ECONNREFUSED');
    const peer = { address: '127.0.0.1', secure: false, listener: authority };
    const target = `/2018-06-01/runtime/${path}`;
    return await handle({ method, target, rawHeaders, body: Buffer.from(body), peer });
  }
}

/** A runtime as a program of a test plays it. */
export class PlayedRuntime {
  readonly program: Program;
  /** Aborted when it is killed. */
  readonly killed: AbortSignal;
  readonly #network: PlayedNetwork;

  constructor(network: PlayedNetwork, program: Program, killed: AbortSignal) {
    this.#network = network;
    this.program = program;
    this.killed = killed;
  }

  ask(method: string, path: string, body = '', rawHeaders: string[] = []): Promise<HttpResponse> {
    const authority = this.program.environment['AWS_LAMBDA_RUNTIME_API']!;
    return this.#network.ask(authority, method, path, body, rawHeaders);
  }

  /** Rejects when it is refused: then there is nothing to do any more. */
  async next(): Promise<{ id: string; event: unknown; headers: HttpResponse['headers'] }> {
    const { status, headers, body } = await this.ask('GET', 'invocation/next');
    if (status !== 200) throw new Error(String(body));
    return { id: headers['Lambda-Runtime-Aws-Request-Id']!, event: JSON.parse(String(body)), headers };
  }

  answer(id: string, value: unknown): Promise<HttpResponse> {
    return this.ask('POST', `invocation/${id}/response`, JSON.stringify(value));
  }

  print(text: string): void {
    this.program.output(Buffer.from(text));
  }
}

export type Play = (runtime: PlayedRuntime) => Promise<number>;

/** Programs that tests play: each start plays the same until it ends or is killed. */
export class PlayedProcesses implements Processes {
  isolation = 'none' as const;
  readonly known = { node: '/bin/node', python: 'python3', searchPath: '/bin' };
  readonly network = new PlayedNetwork();
  play: Play;
  /** What `memoryBytes` answers. */
  memory = 50_000_000;
  /** Those that run. */
  running = 0;
  started = 0;
  readonly folders = new Set<string>();
  readonly #watches = new Map<string, Set<() => void>>();
  #folders = 0;

  constructor(play: Play) {
    this.play = play;
  }

  start(program: Program): RunningProcess {
    const killed = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
    this.running += 1;
    this.started += 1;
    const end = (how: ProcessEnd) => {
      if (killed.signal.aborted) return;
      killed.abort();
      this.running -= 1;
      resolve(how);
    };
    setImmediate(() => {
      this.play(new PlayedRuntime(this.network, program, killed.signal)).then(
        (code) => end({ code }),
        () => end({ code: 1 }),
      );
    });
    return { ended, kill: () => end({ signal: 'SIGKILL' }), memoryBytes: async () => this.memory };
  }

  async folderWith() {
    const path = `/tmp/${++this.#folders}`;
    this.folders.add(path);
    const remove = async () => {
      this.folders.delete(path);
    };
    return { path, remove };
  }

  async readableCopy({ pathname }: URL): Promise<string> {
    return pathname;
  }

  async ownerOf(): Promise<undefined> {}

  async watch(folder: string, changed: () => void): Promise<Disposable> {
    const watches = this.#watches.get(folder) ?? new Set();
    this.#watches.set(folder, watches.add(changed));
    return { [Symbol.dispose]: () => watches.delete(changed) };
  }

  /** How many watches a folder has. */
  watching(folder: string): number {
    return this.#watches.get(folder)?.size ?? 0;
  }

  change(folder: string): void {
    for (const changed of this.#watches.get(folder) ?? []) changed();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Answers each event with itself and the process's number. */
export function echoing(): Play {
  let processes = 0;
  return async (runtime) => {
    const process = ++processes;
    for (;;) {
      const { id, event } = await runtime.next();
      await runtime.answer(id, { event, process });
    }
  };
}
