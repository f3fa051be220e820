import assert from 'node:assert/strict';
import { rootKeyOf } from '../../src/access/keys/root-key.ts';
import type { FollowedCatalog } from '../../src/catalog/catalog.ts';
import { silentLogger } from '../../src/env/logger.ts';
import type { Handler } from '../../src/env/network.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import type { Port } from '../../src/env/workers.ts';
import type { Message } from '../../src/gateway/batched-port.ts';
import {
  type Control,
  ControlPublisher,
  type FollowedControl,
  type RevisionsIn,
  replicatedControl,
  revisionsBetween,
} from '../../src/gateway/control.ts';
import { LoadReport } from '../../src/gateway/load-report.ts';
import { RecordsClient } from '../../src/gateway/records-client.ts';
import { type OwnerWorld, RecordsServer } from '../../src/gateway/records-server.ts';
import {
  answerForMeter,
  type MeterAnswer,
  type MeterQuestion,
  RemoteMeter,
} from '../../src/gateway/remote-meter.ts';
import { ServerMeter } from '../../src/gateway/server-meter.ts';
import { bucketsMemory, SharedBuckets } from '../../src/gateway/shared-buckets.ts';
import type { Engine } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { noAudit } from '../../src/rpc/audit.ts';
import { lateDelivery } from '../../src/server/delivery/late-delivery.ts';
import { Gateway } from '../../src/server/gateway.ts';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { openSecurity } from '../../src/server/security.ts';
import { workerGateway } from '../../src/server/workers/worker.ts';
import type { GateStart } from '../../src/server/workers/worker-data.ts';
import { LateTables } from '../../src/services/dynamodb/tables/late-tables.ts';
import { lateLambda } from '../../src/services/lambda/late-lambda.ts';
import { type Background, runInBackground } from '../../src/stream/background.ts';
import { lifecycleTick } from '../../src/stream/lifecycle.ts';
import { Load } from '../../src/stream/load.ts';
import { Meter } from '../../src/stream/meter/meter.ts';
import { SubscriptionTable } from '../../src/stream/subscriptions.ts';
import { TestRandom } from '../log/world.ts';
import { controlPlane } from '../server/control-plane.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { noNetwork } from '../services/kinesis/no-network.ts';
import { TestClient } from './test-client.ts';

export { peer } from './test-client.ts';

/** An owner and its workers, all in this thread: the ports between them are real, the time is not. */
export class OwnerWithWorkers implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly random = new TestRandom(1);
  readonly load = new Load();
  readonly subscriptions = new SubscriptionTable(this.clock);
  readonly workers: TestWorker[] = [];
  readonly #options: ServerOptions;
  readonly #buckets = bucketsMemory();
  #serverMeter: ServerMeter | undefined;
  #ownerWorld: OwnerWorld | undefined;
  #instead: OwnerWorld['call'] | undefined;
  #publisher: ControlPublisher | undefined;
  #control: FollowedControl | undefined;
  #gate: GateStart | undefined;
  #background: Background | undefined;

  private constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** `log` stands between the owner and the memory engine. */
  static async of(
    count: number,
    options: Partial<ServerOptions> = {},
    log: (inner: Engine) => Engine = (inner) => inner,
  ): Promise<OwnerWithWorkers> {
    const server = new OwnerWithWorkers({
      ...defaultOptions,
      transitionDelay: 0,
      limits: 'none',
      ...options,
    });
    await server.#begin(log);
    for (let nth = 0; nth < count; nth++) server.addWorker();
    return server;
  }

  async #begin(between: (inner: Engine) => Engine): Promise<void> {
    const { clock, random, load, subscriptions } = this;
    const log = between(openMemoryLog(clock));
    const services = openMemoryLog(clock);
    const { control, security, gateStart } = await controlPlane({ clock, random }, this.#options);
    const { catalog } = control;
    const background = runInBackground([lifecycleTick({ catalog, log, clock }, 0)], clock, silentLogger);
    const serverMeter = new ServerMeter({ clock, catalog });
    const meter = serverMeter.own;
    const gateway = new Gateway(
      this.#options,
      { clock, random, logger: silentLogger, network: noNetwork, workers: nodeWorkers },
      {
        ...{
          control,
          log,
          load,
          meter,
          readings: serverMeter,
          background,
          subscriptions,
          security,
          keysElsewhere: undefined,
        },
        served: {
          log: services,
          tables: new LateTables(services, { clock, logger: silentLogger, transitionDelay: 0 }),
          lambda: lateLambda(services, { clock, logger: silentLogger }),
          delivery: lateDelivery(services, { clock, logger: silentLogger }),
          heapBytesMax: 1024 ** 3,
        },
        identity: () => assert.fail('no TLS'),
        buckets: new SharedBuckets(this.#buckets, clock),
        health: () => 'ok',
        authority: async () => "the owner's certificate",
        audit: noAudit,
      },
    );
    const owner = gateway.forOthers;
    this.#serverMeter = serverMeter;
    this.#background = background;
    this.#control = control;
    this.#gate = gateStart;
    this.#publisher = new ControlPublisher(control);
    this.#ownerWorld = {
      busy() {},
      counted() {},
      health: () => 'ok',
      clock,
      catalog,
      log,
      keyService: gateway.keyService,
      load,
      subscriptions,
      call: (call, body) => this.#instead?.(call, body) ?? owner.call(call, body),
      page: owner.page,
      certificate: async () => ({ key: 'the key', certificate: 'the certificate' }),
      note: () => {},
      audited: () => {},
    };
  }

  /** What all of them have counted. */
  get meter(): ServerMeter {
    return this.#serverMeter!;
  }

  get catalog(): FollowedCatalog {
    return this.control.catalog;
  }

  get control(): FollowedControl {
    return this.#control!;
  }

  /** Has the owner answer every forwarded call with `handle`. */
  answerWith(handle: OwnerWorld['call']): void {
    this.#instead = handle;
  }

  /** Adds a worker; if its owner hangs, it gets no answers. */
  addWorker(owners: 'works' | 'hangs' = 'works'): TestWorker {
    const { clock, random } = this;
    const [questions, questionsOfWorker] = nodeWorkers.channel<readonly Message[], readonly Message[]>();
    const revisions = revisionsBetween(nodeWorkers);
    const recordsServer = owners === 'works' ? new RecordsServer(questions, this.#ownerWorld!) : questions;
    const owner = new RecordsClient(questionsOfWorker, clock);
    const control = replicatedControl(revisions.in, this.#publisher!.join(revisions.out));
    const loadReport = new LoadReport(owner, clock);
    const given = {
      options: this.#options,
      buckets: this.#buckets,
    };
    const { region, account } = this.#options;
    const { rootSecrets, ...rules } = this.#gate!;
    const rootKey = rootKeyOf(rootSecrets, random);
    const security = openSecurity(
      control.identity,
      rootKey,
      { ...rules, region, account },
      { clock, random },
    );
    const meter = new Meter({ clock, catalog: control.catalog });
    const [meterPort, meterOfWorker] = nodeWorkers.channel<MeterQuestion, MeterAnswer>();
    const remoteMeter = new RemoteMeter(meterPort);
    answerForMeter(meterOfWorker, meter);
    this.meter.join(remoteMeter);
    const parts = { logger: silentLogger, security, audit: noAudit, owner, control, loadReport, meter };
    const network = () => noNetwork;
    const { handle } = workerGateway(given, { clock, random, network, workers: nodeWorkers }, parts);
    const worker = new TestWorker({
      owner,
      recordsServer,
      control,
      revisions: revisions.in,
      load: loadReport.load,
      meter,
      remoteMeter,
      meterPort: meterOfWorker,
      handle,
    });
    this.workers.push(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.workers) worker.close();
    await this.#background!.stop();
  }
}

type WorkerParts = {
  readonly owner: RecordsClient;
  readonly recordsServer: Pick<RecordsServer, 'close'>;
  readonly control: Control;
  readonly revisions: RevisionsIn;
  readonly load: Load;
  readonly meter: Meter;
  /** The same, as the owner sees it. */
  readonly remoteMeter: RemoteMeter;
  /** Where its owner asks. */
  readonly meterPort: Port;
  readonly handle: Handler;
};

/** One worker, as its clients see it. */
export class TestWorker extends TestClient {
  readonly parts: WorkerParts;

  constructor(parts: WorkerParts) {
    super(parts.handle);
    this.parts = parts;
  }

  close(): void {
    const { owner, recordsServer, revisions, remoteMeter, meterPort } = this.parts;
    remoteMeter.end();
    meterPort.close();
    owner.close();
    recordsServer.close();
    for (const port of Object.values(revisions)) port.close();
  }
}
