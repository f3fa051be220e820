import { once } from 'node:events';
import { extname } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { FollowedCatalog } from '../../catalog/catalog.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { Endpoint, Listening } from '../../env/network.ts';
import { nodeClock } from '../../env/node-clock.ts';
import { CatalogPublisher } from '../../gateway/catalog-publisher.ts';
import { restored } from '../../gateway/error-transfer.ts';
import { type OwnerWorld, RecordsServer } from '../../gateway/records-server.ts';
import type { LogEvent } from '../../gateway/requests.ts';
import { bucketsMemory, SharedBuckets } from '../../gateway/shared-buckets.ts';
import { budgetBytes } from '../../http/body.ts';
import { connectionsAllowed } from '../../http/connection-limit.ts';
import { unsentBytesMax } from '../../http/unsent.ts';
import type { LogLevel } from '../options.ts';
import { Heartbeat } from './heartbeat.ts';
import { logNote } from './remote-logger.ts';
import { canSharePorts, sharePort } from './shared-port.ts';
import type { Command, Report, WorkerData } from './worker-data.ts';

/** What all fronts are given alike. */
type Given = Pick<WorkerData, 'options' | 'credentials'>;

/** What the owner does for them. */
type WorkersWorld = Omit<OwnerWorld, 'note'> & { readonly catalog: FollowedCatalog };

type World = Pick<Env, 'logger' | 'panic'>;

/** So many fronts, if this machine lets them share a port; otherwise undefined, and the log says so. */
export async function startWorkers(
  count: number,
  given: Given,
  world: World,
): Promise<WorkerThreads | undefined> {
  if (await canSharePorts()) return new WorkerThreads(count, given, world);
  world.logger.warn('this system does not spread the connections of a port: one front takes them all');
  return undefined;
}

/** Fronts in threads of their own. One that ends by itself ends the process: there is no half a server. */
export class WorkerThreads implements Listening {
  /** Those that all threads take from; undefined without limits. */
  readonly buckets: SharedBuckets | undefined;
  readonly #world: World;
  readonly #threads: Thread[];
  readonly #endHeartbeat: () => void;
  #endpoint: Endpoint | undefined;
  #closing: Promise<void> | undefined;

  /** Starts so many threads. They load while the owner opens its log, and wait for `begin`. */
  constructor(count: number, given: Given, world: World) {
    this.#world = world;
    const buckets = given.options.limits === 'aws' ? bucketsMemory() : undefined;
    this.buckets = buckets && new SharedBuckets(buckets, nodeClock);
    const share = {
      freeBytes: new Int32Array(new SharedArrayBuffer(4)).fill(budgetBytes),
      unsentBytes: new Int32Array(new SharedArrayBuffer(4)).fill(unsentBytesMax),
      openConnections: new Int32Array(new SharedArrayBuffer(4)),
      connectionsMax: connectionsAllowed(world.logger),
      reusePort: true,
    };
    const heartbeat = new Heartbeat();
    this.#endHeartbeat = heartbeat.start();
    const common = { ...given, buckets, share, heartbeat: heartbeat.memory };
    this.#threads = Array.from({ length: count }, () => this.#start(common));
  }

  get endpoint(): Endpoint {
    return this.#endpoint!;
  }

  /** Has all of them listen on one port. Rejects with the system's error when one cannot. */
  async begin(asked: Endpoint, world: WorkersWorld): Promise<Listening> {
    await sharePort(asked, (bound) => {
      this.#endpoint = bound;
      return this.#listen({ host: asked.host, port: bound.port }, world);
    });
    return this;
  }

  async #listen(endpoint: Endpoint, world: WorkersWorld): Promise<void> {
    const feed = new CatalogPublisher(world.catalog);
    const deskWorld = { ...world, note: (note: LogEvent) => logNote(this.#world.logger, note) };
    await Promise.all(
      this.#threads.map(async ({ worker, revisions, questions }) => {
        new RecordsServer(questions, deskWorld);
        worker.postMessage({ kind: 'begin', endpoint, catalog: feed.join(revisions) } satisfies Command);
        const [failure]: Report[] = await once(worker, 'message');
        if (failure !== undefined) throw restored(failure);
      }),
    );
  }

  /** Resolves when all of them know what is true from now on. */
  async change(change: { credentials: string | undefined; logLevel: LogLevel }): Promise<void> {
    if (this.#closing !== undefined) return;
    await Promise.all(
      this.#threads.map(async ({ worker, ended }) => {
        worker.postMessage({ kind: 'change', ...change } satisfies Command);
        await Promise.race([once(worker, 'message'), ended]);
      }),
    );
  }

  /** They are told one by one. */
  shed(): void {}

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const begun = this.#endpoint !== undefined;
    await Promise.all(
      this.#threads.map(async ({ worker, ended }) => {
        if (begun) worker.postMessage({ kind: 'close' } satisfies Command);
        else await worker.terminate();
        await ended;
      }),
    );
    this.#endHeartbeat();
  }

  async #mindEnd(ended: Promise<void>): Promise<void> {
    await ended;
    if (this.#closing === undefined) this.#world.panic('a front ended', undefined);
  }

  #start(given: Omit<WorkerData, 'questions' | 'revisions'>): Thread {
    const questions = new MessageChannel();
    const revisions = new MessageChannel();
    const ports = { questions: questions.port1, revisions: revisions.port1 };
    // As this file: in the sources TypeScript, in the package JavaScript.
    const entry = new URL(`./worker-thread${extname(import.meta.filename)}`, import.meta.url);
    const worker = new Worker(entry, {
      workerData: { ...given, ...ports } satisfies WorkerData,
      transferList: Object.values(ports),
      name: 'front',
    });
    worker.on('error', (error) => this.#world.panic('a front ended', error));
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    detached(this.#mindEnd(ended), unthinkable);
    return { worker, ended, questions: questions.port2, revisions: revisions.port2 };
  }
}

type Thread = {
  readonly worker: Worker;
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
  readonly questions: MessageChannel['port2'];
  readonly revisions: MessageChannel['port2'];
};
