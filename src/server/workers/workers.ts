import type { FollowedCatalog } from '../../catalog/catalog.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { Endpoint, Listening } from '../../env/network.ts';
import type { Port, Workers as Threads, Worker } from '../../env/workers.ts';
import type { Message, MessagesPort } from '../../gateway/batched-port.ts';
import { CatalogPublisher } from '../../gateway/catalog-publisher.ts';
import { restored } from '../../gateway/error-transfer.ts';
import { type OwnerWorld, RecordsServer } from '../../gateway/records-server.ts';
import type { Revision } from '../../gateway/replica-catalog.ts';
import type { LogEvent } from '../../gateway/requests.ts';
import { bucketsMemory, SharedBuckets } from '../../gateway/shared-buckets.ts';
import type { LogLevel } from '../options.ts';
import { logNote } from './remote-logger.ts';
import { workerProgram } from './worker.ts';
import type { Command, Report, WorkerData } from './worker-data.ts';

/** What all workers are given alike. */
type Given = Pick<WorkerData, 'options' | 'credentials'>;

/** What the owner does for them. */
type WorkersWorld = Omit<OwnerWorld, 'note' | 'clock'> & { readonly catalog: FollowedCatalog };

type World = Pick<Env, 'clock' | 'network' | 'logger' | 'panic' | 'workers'>;

/** So many workers, if this machine lets them share a port; otherwise undefined, and the log says so. */
export async function startWorkers(count: number, given: Given, world: World): Promise<Workers | undefined> {
  const share = await world.network.share();
  if (share !== undefined) return new Workers(count, { ...given, share }, world);
  world.logger.warn('this system does not spread the connections of a port: one thread takes them all');
  return undefined;
}

/** The workers of a server. One that ends by itself ends the process: there is no half a server. */
export class Workers implements Listening {
  /** Those that all threads take from; undefined without limits. */
  readonly buckets: SharedBuckets | undefined;
  #data: WorkerData;
  readonly #world: World;
  readonly #members = new Set<Member>();
  #endpoint: Endpoint | undefined;
  #service: Service | undefined;
  #closing: Promise<void> | undefined;

  /** Starts so many threads. They load while the owner opens its log, and wait for `begin`. */
  constructor(count: number, given: Omit<WorkerData, 'buckets'>, world: World) {
    const buckets = given.options.limits === 'aws' ? bucketsMemory() : undefined;
    this.buckets = buckets && new SharedBuckets(buckets, world.clock);
    this.#data = { ...given, buckets };
    this.#world = world;
    for (let nth = 0; nth < count; nth++) this.#start();
  }

  get endpoint(): Endpoint {
    return this.#endpoint!;
  }

  /** Has all of them listen on one port. Rejects with the system's error when one cannot. */
  async begin(asked: Endpoint, world: WorkersWorld): Promise<Listening> {
    const { clock, logger, network } = this.#world;
    const note = (event: LogEvent) => logNote(logger, event);
    await network.reserve(asked, async (bound) => {
      this.#endpoint = bound;
      const service = {
        endpoint: { host: asked.host, port: bound.port },
        publisher: new CatalogPublisher(world.catalog),
        world: { ...world, clock, note },
      };
      this.#service = service;
      await Promise.all([...this.#members].map((member) => member.begin(service)));
    });
    return this;
  }

  /** Adds a worker to those that listen. Rejects with the system's error when it cannot listen. */
  async join(): Promise<void> {
    const member = this.#start();
    try {
      await member.begin(this.#service!);
    } catch (error) {
      await member.close();
      throw error;
    }
  }

  /** Lets a worker finish what it has under way, and go; the others get its clients when they come again. */
  async leave(): Promise<void> {
    const member = [...this.#members].find(({ isLeaving }) => !isLeaving);
    await member?.close();
  }

  /** How many there are. */
  get count(): number {
    return this.#members.size;
  }

  /** Resolves when all of them know what is true from now on. */
  async change({ credentials, logLevel }: Change): Promise<void> {
    if (this.#closing !== undefined) return;
    // Also for those that are started later.
    const options = { ...this.#data.options, logLevel };
    this.#data = { ...this.#data, options, credentials: credentials ?? this.#data.credentials };
    const command = { kind: 'change', credentials, logLevel } as const;
    await Promise.all([...this.#members].map((member) => member.tell(command)));
  }

  /** Has each of them shed a share of its connections. */
  shed(share: number): void {
    const told = [...this.#members].map((member) => member.tell({ kind: 'shed', share }));
    detached(Promise.all(told), unthinkable);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#members].map((member) => member.close()));
  }

  #start(): Member {
    const member = new Member(this.#world.workers, this.#data);
    this.#members.add(member);
    detached(this.#mindEnd(member), unthinkable);
    return member;
  }

  async #mindEnd(member: Member): Promise<void> {
    const error = await member.ended;
    this.#members.delete(member);
    this.#service?.publisher.leave(member.revisions);
    if (!member.isLeaving) this.#world.panic('a worker ended', error);
  }
}

type Change = { readonly credentials: string | undefined; readonly logLevel: LogLevel };

/** What the owner does for a worker once it begins. */
type Service = {
  readonly endpoint: Endpoint;
  readonly publisher: CatalogPublisher;
  readonly world: OwnerWorld;
};

/** One worker, as the owner sees it. */
class Member {
  readonly #worker: Worker;
  readonly #control: Port<Command, Report>;
  readonly #questions: MessagesPort;
  /** Takes the catalog's revisions to it. */
  readonly revisions: Port<Revision, never>;
  /** Those who wait for reports, in the order of the commands. */
  readonly #waiting: ((report: Report) => void)[] = [];
  #hasBegun = false;
  /** True once it was told to end. */
  isLeaving = false;

  constructor(workers: Threads, data: WorkerData) {
    const [control, controlOfWorker] = workers.channel<Command, Report>();
    const [questions, questionsOfWorker] = workers.channel<readonly Message[], readonly Message[]>();
    const [revisions, revisionsOfWorker] = workers.channel<Revision, never>();
    const ports = { control: controlOfWorker, questions: questionsOfWorker, revisions: revisionsOfWorker };
    this.#control = control;
    this.#questions = questions;
    this.revisions = revisions;
    control.listen((report) => this.#waiting.shift()!(report));
    this.#worker = workers.start(workerProgram, data, ports);
  }

  /** Resolves when the thread has ended: to the error that ended it, if one did. */
  get ended(): Promise<Error | undefined> {
    return this.#worker.ended;
  }

  /** Has it listen. Rejects with the system's error when it cannot. */
  async begin({ endpoint, publisher, world }: Service): Promise<void> {
    this.#hasBegun = true;
    new RecordsServer(this.#questions, world);
    const catalog = publisher.join(this.revisions);
    const report = await this.tell({ kind: 'begin', endpoint, catalog });
    if (report !== undefined) throw restored(report);
  }

  /** Resolves when it has done so, or has ended. */
  tell(command: Command): Promise<Report> {
    this.#control.post(command);
    const report = new Promise<Report>((resolve) => this.#waiting.push(resolve));
    return Promise.race([report, this.ended.then(() => undefined)]);
  }

  /** Resolves when the thread has ended. */
  async close(): Promise<void> {
    this.isLeaving = true;
    if (this.#hasBegun) await this.tell({ kind: 'close' });
    else await this.#worker.terminate();
    await this.ended;
  }
}
