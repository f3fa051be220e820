import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { Endpoint, Share } from '../../env/network.ts';
import type { Port, Workers as Threads, Worker } from '../../env/workers.ts';
import type { Message, MessagesPort } from '../../gateway/batched-port.ts';
import {
  ControlPublisher,
  type FollowedControl,
  type RevisionsOut,
  revisionsBetween,
} from '../../gateway/control.ts';
import { restored } from '../../gateway/error-transfer.ts';
import { type OwnerWorld, RecordsServer } from '../../gateway/records-server.ts';
import { type MeterAnswer, type MeterQuestion, RemoteMeter } from '../../gateway/remote-meter.ts';
import type { LogEvent } from '../../gateway/requests.ts';
import type { ServerMeter } from '../../gateway/server-meter.ts';
import { bucketsMemory, SharedBuckets } from '../../gateway/shared-buckets.ts';
import type { MeterPage } from '../../stream/meter/meter-page.ts';
import { type Listeners, reserveAll } from '../listeners.ts';
import { type LogLevel, workersMax } from '../options.ts';
import { HeadCount } from './head-count.ts';
import { logNote } from './remote-logger.ts';
import { workerProgram } from './worker.ts';
import type { Command, GateStart, Report, WorkerData } from './worker-data.ts';

/** What all workers are given alike. */
type Given = Pick<WorkerData, 'options'>;

/** What the owner does for them. */
type WorkersWorld = Omit<OwnerWorld, 'note' | 'clock' | 'busy' | 'counted' | 'catalog'> & {
  readonly serverMeter: ServerMeter;
  readonly control: FollowedControl;
  readonly gate: GateStart;
};

type World = Pick<Env, 'clock' | 'network' | 'logger' | 'panic' | 'pressure' | 'workers'>;

/**
 * The workers of a server, if this machine lets them share a port; otherwise undefined, and the log says so.
 */
export async function startWorkers(given: Given, world: World): Promise<Workers | undefined> {
  const share = await world.network.share();
  if (share !== undefined) return new Workers({ ...given, share }, world);
  world.logger.warn('this system does not spread the connections of a port: one thread takes them all');
  return undefined;
}

/**
 * The workers of a server: as many as it was told, or as many as pay. The owner takes requests as well while
 * it has one worker at most; with more of them it has enough to do for them. A worker that ends by itself
 * ends the process: there is no half a server.
 */
export class Workers {
  /** Those that all threads take from. */
  readonly buckets: SharedBuckets;
  #data: WorkerData;
  readonly #world: World;
  readonly #members = new Set<Member>();
  #service: Service | undefined;
  /** The owner's own listener, while it takes requests. */
  #own: Listeners | undefined;
  readonly #ended = new AbortController();
  #closing: Promise<void> | undefined;

  /** Starts as many as the options say. They load while the owner opens its log, and wait for `begin`. */
  constructor(given: Omit<WorkerData, 'buckets'>, world: World) {
    const buckets = bucketsMemory();
    this.buckets = new SharedBuckets(buckets, world.clock);
    this.#data = { ...given, buckets };
    this.#world = world;
    const { workers } = given.options;
    for (let nth = 0; workers !== 'auto' && nth < (workers ?? 0); nth++) this.#start();
  }

  /**
   * Has all of them listen on the same ports, and answers which. `own` has the owner listen. Rejects with the
   * system's error when one cannot.
   */
  async begin(
    asked: readonly Endpoint[],
    { control, gate, serverMeter, ...others }: WorkersWorld,
    own: Service['own'],
  ): Promise<Pick<Listeners, 'endpoints' | 'close'>> {
    const { clock, logger, network } = this.#world;
    const note = (event: LogEvent) => logNote(logger, event);
    const { share } = this.#data;
    const bound = await reserveAll(network, asked, async (bound) => {
      const endpoints = bound.map(({ port }, index) => ({ ...asked[index]!, port }));
      const publisher = new ControlPublisher(control);
      const world = { ...others, catalog: control.catalog, clock, note };
      this.#service = { endpoints, publisher, gate, serverMeter, world, own };
      if (this.#members.size < dedicatedFrom) this.#own = await own(endpoints, share);
      await Promise.all([...this.#members].map((member) => member.begin(this.#service!)));
      return bound;
    });
    if (this.#data.options.workers === 'auto') detached(this.#adapt(), unthinkable);
    return { endpoints: bound, close: () => this.close() };
  }

  /** What all that listens in this process shares. */
  get share(): Share {
    return this.#data.share;
  }

  /** How many there are. */
  get count(): number {
    return this.#members.size;
  }

  /** How busy each was since it was last asked, where threads tell. */
  busyShares(): number[] {
    return [...this.#members].flatMap((member) => member.busyShare() ?? []);
  }

  /** Resolves when all of them have taken over the change. */
  async change({ credentials, logLevel }: Change): Promise<void> {
    if (this.#closing !== undefined) return;
    // Also for those that are started later.
    const options = { ...this.#data.options, logLevel };
    this.#data = { ...this.#data, options };
    if (credentials !== undefined && this.#service !== undefined) {
      this.#service = { ...this.#service, gate: { ...this.#service.gate, credentials } };
    }
    const command = { kind: 'change', credentials, logLevel } as const;
    await Promise.all([...this.#members].map((member) => member.tell(command)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ended.abort();
    await Promise.all([this.#own?.close(), ...[...this.#members].map((member) => member.close())]);
  }

  /** Checks once a second whether one worker more or less pays, until the server closes. */
  async #adapt(): Promise<void> {
    const { clock, pressure, workers, logger } = this.#world;
    const count = new HeadCount(Math.min(workersMax, workers.coresMax - 1));
    for (;;) {
      await clock.sleep(lookMs, this.#ended.signal);
      if (this.#ended.signal.aborted) return;
      const members = [...this.#members];
      const sum = members.reduce((busy, member) => busy + member.busy, pressure.busy());
      const look = { busy: sum / (members.length + 1), idleCores: pressure.idleCores() };
      const change = count.after(look, members.length);
      if (change === 0) continue;
      try {
        await (change === 1 ? this.join() : this.leave());
        logger.info('the number of workers has changed', { workers: this.#members.size });
      } catch (error) {
        logger.error('the number of workers could not be changed', { error });
      }
    }
  }

  /**
   * Adds a worker; the others close connections, so that it gets its share of the clients that connect again.
   */
  async join(): Promise<void> {
    const member = this.#start();
    try {
      await member.begin(this.#service!);
    } catch (error) {
      await member.close();
      throw error;
    }
    if (this.#ended.signal.aborted) return;
    const others = [...this.#members].filter((other) => other !== member);
    await Promise.all(others.map((other) => other.tell({ kind: 'shed' })));
    if (this.#members.size < dedicatedFrom) this.#own?.shed();
    else await this.#stopListening();
  }

  /** Has a worker finish what it has under way, and end; its clients connect to the others. */
  async leave(): Promise<void> {
    const { own, endpoints } = this.#service!;
    const member = [...this.#members].find(({ isLeaving }) => !isLeaving);
    if (this.#members.size === dedicatedFrom) this.#own ??= await own(endpoints, this.#data.share);
    if (this.#ended.signal.aborted) await this.#stopListening();
    await member?.close();
  }

  async #stopListening(): Promise<void> {
    const listening = this.#own;
    this.#own = undefined;
    await listening?.close();
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
    this.#service?.serverMeter.leave(member.meter);
    if (!member.isLeaving) this.#world.panic('a worker ended', error);
  }
}

/** With so many workers the owner takes no requests itself. */
const dedicatedFrom = 2;

/** As often as `HeadCount` wants to be asked. */
const lookMs: Millis = 1_000;

type Change = { readonly credentials: string | undefined; readonly logLevel: LogLevel };

/** What the owner does for a worker once it begins. */
type Service = {
  readonly endpoints: readonly Endpoint[];
  readonly publisher: ControlPublisher;
  readonly gate: GateStart;
  readonly serverMeter: ServerMeter;
  readonly world: Omit<OwnerWorld, 'busy' | 'counted'>;
  readonly own: (endpoints: readonly Endpoint[], share: Share) => Promise<Listeners>;
};

/** One worker, as the owner sees it. */
class Member {
  readonly #worker: Worker;
  readonly #control: Port<Command, Report>;
  readonly #questions: MessagesPort;
  /** Take the revisions of the journals to it. */
  readonly revisions: RevisionsOut;
  /** What it has counted. */
  readonly meter: RemoteMeter;
  /** Callers that wait for reports, in the order of the commands. */
  readonly #waiting: ((report: Report) => void)[] = [];
  /** What answers its questions, once it has begun. */
  #server: RecordsServer | undefined;
  /** The share of the last second in which its event loop had something to do. */
  busy = 0;
  /** True once it was told to end. */
  isLeaving = false;

  constructor(workers: Threads, data: WorkerData) {
    const [control, controlOfWorker] = workers.channel<Command, Report>();
    const [questions, questionsOfWorker] = workers.channel<readonly Message[], readonly Message[]>();
    const [meter, meterOfWorker] = workers.channel<MeterQuestion, MeterAnswer>();
    const revisions = revisionsBetween(workers);
    const own = { control: controlOfWorker, questions: questionsOfWorker, meter: meterOfWorker };
    const ports = { ...own, ...revisions.in };
    this.#control = control;
    this.#questions = questions;
    this.meter = new RemoteMeter(meter);
    this.revisions = revisions.out;
    control.listen((report) => this.#waiting.shift()!(report));
    this.#worker = workers.start(workerProgram, data, ports);
  }

  /** Resolves when the thread has ended: to the error that ended it, if one did. */
  get ended(): Promise<Error | undefined> {
    return this.#worker.ended;
  }

  /** As threads tell it themselves, for who looks. */
  busyShare(): number | undefined {
    return this.#worker.busy?.();
  }

  /** Has it listen. Rejects with the system's error when it cannot. */
  async begin({ endpoints, publisher, gate, serverMeter, world }: Service): Promise<void> {
    const heard = (busy: number) => {
      this.busy = busy;
    };
    const counted = (page: MeterPage) => serverMeter.leave(this.meter, page);
    this.#server = new RecordsServer(this.#questions, { ...world, busy: heard, counted });
    const journals = publisher.join(this.revisions);
    const report = await this.tell({ kind: 'begin', endpoints, journals, gate });
    if (report !== undefined) throw restored(report);
    serverMeter.join(this.meter);
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
    if (this.#server !== undefined) await this.tell({ kind: 'close' });
    else await this.#worker.terminate();
    await this.ended;
    // What it logged at the end is on its way.
    await this.#server?.closed;
  }
}
