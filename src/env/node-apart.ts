import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isMainThread, type MessagePort } from 'node:worker_threads';
import type { NamedPorts, Port, Worker, WorkerProgram } from './workers.ts';

type Posted = { readonly port: string; readonly message: unknown };
type Heap = WorkerProgram<undefined, NamedPorts>['heapMiBMax'];

/**
 * Starts a program in a process of its own. What goes through its ports is copied, as the HTML standard's
 * structured clone has it. It writes nothing to where this process writes, and ends when its ports do.
 */
export function startApart(
  { module, heapMiBMax }: { readonly module: URL; readonly heapMiBMax?: Heap },
  ports: Readonly<Record<string, MessagePort>>,
): Worker {
  const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
  const child = fork(fileURLToPath(module), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: heapMiBMax === undefined ? [] : flagsOf(heapMiBMax),
    env: { ...environment(), [mark]: Object.keys(ports).join(',') },
  });
  let isTold = false;
  child.once('error', resolve);
  child.once('exit', (code) =>
    resolve(code === 0 || isTold ? undefined : new Error('its process has ended')),
  );
  child.once('disconnect', () => {
    for (const port of Object.values(ports)) port.close();
  });
  child.on('message', ({ port, message }: Posted) => ports[port]?.postMessage(message));
  for (const [name, port] of Object.entries(ports)) connect(child, name, port);
  return {
    ended,
    async terminate() {
      isTold = true;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function flagsOf({ old, young }: NonNullable<Heap>): string[] {
  // Young objects have two halves, and a third of the same size (V8,
  // "Heap::YoungGenerationSizeFromSemiSpaceSize").
  return [`--max-old-space-size=${old}`, `--max-semi-space-size=${Math.max(1, Math.floor(young / 3))}`];
}

/** What Node itself reads: no secrets that this process was given. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isNodes.test(name)));
}

const isNodes = /^(?:NODE_OPTIONS|NODE_COMPILE_CACHE|NODE_V8_COVERAGE|PATH|HOME|TMPDIR|TZ|LD_LIBRARY_PATH)$/;

function connect(child: ChildProcess, port: string, own: MessagePort): void {
  own.on('message', (message: unknown) => {
    // What is posted to a process that has ended is gone, as it is with a thread.
    if (child.connected) child.send({ port, message } satisfies Posted as object, () => {});
  });
  own.once('close', () => {
    if (child.connected) child.disconnect();
  });
}

/** Names the ports of such a process to it. */
const mark = 'MILLRACE_APART';

/** Whether this is one. */
export const isApart = isMainThread && process.send !== undefined && process.env[mark] !== undefined;

/** The ports of this process, by their names. */
export function portsApart(): Readonly<Record<string, Port>> {
  // A terminal signals all that it sees; this process ends when the one that started it wants it to, or has
  // ended.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.once('disconnect', () => setImmediate(() => process.exit(0)));
  const names = process.env[mark]!.split(',');
  return Object.fromEntries(names.map((name) => [name, new ApartPort(name)]));
}

class ApartPort<Out = unknown, In = unknown> implements Port<Out, In> {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** All is copied. */
  post(message: Out): void {
    if (process.connected) process.send?.({ port: this.#name, message } satisfies Posted, () => {});
  }

  listen(receive: (message: In) => void, closed?: () => void): void {
    process.on('message', ({ port, message }: Posted) => {
      if (port === this.#name) receive(message as In);
    });
    if (closed !== undefined) process.once('disconnect', closed);
  }

  /** Messages of a process come by its events alone. */
  take(): undefined {
    return undefined;
  }

  close(): void {
    if (process.connected) process.disconnect?.();
  }
}
