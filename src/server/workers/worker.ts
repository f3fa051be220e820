import { extname } from 'node:path';
import { rootKeyOf } from '../../access/keys/root-key.ts';
import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { WorkerEnv, WorkerProgram } from '../../env/workers.ts';
import { type Control, replicatedControl } from '../../gateway/control.ts';
import { transferred } from '../../gateway/error-transfer.ts';
import { remoteFreshness, remoteOwner } from '../../gateway/forwarding.ts';
import { LoadReport } from '../../gateway/load-report.ts';
import { RemoteThrottle } from '../../gateway/owned-throttle.ts';
import { OwnerKeys } from '../../gateway/owner-keys.ts';
import { RecordsClient } from '../../gateway/records-client.ts';
import { answerForMeter, tellCounted } from '../../gateway/remote-meter.ts';
import { RemoteRecords } from '../../gateway/remote-records.ts';
import { RemoteSubscriptions } from '../../gateway/remote-subscriptions.ts';
import { SharedBuckets } from '../../gateway/shared-buckets.ts';
import { ShownCertificate } from '../../http/tls/shown-certificate.ts';
import { type Audit, noAudit } from '../../rpc/audit.ts';
import type { Background } from '../../stream/background.ts';
import { Meter } from '../../stream/meter/meter.ts';
import { CallStatistics } from '../../stream/metrics/call-statistics.ts';
import { ratesIn } from '../../stream/stream-limits.ts';
import { isAudited } from '../audit/audit-log.ts';
import { Recorder } from '../audit/recorder.ts';
import { calmLogger } from '../calm-logger.ts';
import { ChangeableLogger } from '../changeable-logger.ts';
import { Gateway } from '../gateway.ts';
import type { Listeners } from '../listeners.ts';
import { engineOf } from '../options.ts';
import { openSecurity, type Security } from '../security.ts';
import { remoteLogger } from './remote-logger.ts';
import type { Command, Report, WorkerData, WorkerPorts } from './worker-data.ts';

/** A worker: takes requests from the owner's command to begin until its command to close. */
export const workerProgram: WorkerProgram<WorkerData, WorkerPorts> = {
  name: 'worker',
  // As this file: in the sources TypeScript, in the package JavaScript.
  module: new URL(`./worker-thread${extname(import.meta.filename)}`, import.meta.url),
  run: runWorker,
};

async function runWorker(
  data: WorkerData,
  { control, ...ports }: WorkerPorts,
  env: WorkerEnv,
): Promise<void> {
  const worker = new RunningWorker(data, ports, env);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // One at a time, and each is answered, so that reports come in the order of the commands.
  let turn: Promise<void> = Promise.resolve();
  control.listen((command) => {
    turn = turn.then(async () => {
      control.post(await reportOf(worker.obey(command)));
      if (command.kind === 'close') resolve();
    });
  });
  await closed;
  control.close();
}

async function reportOf(work: Promise<void>): Promise<Report> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return transferred(error);
  }
}

/** What a worker does on a command. */
class RunningWorker {
  readonly #data: WorkerData;
  readonly #ports: Omit<WorkerPorts, 'control'>;
  readonly #env: WorkerEnv;
  readonly #owner: RecordsClient;
  readonly #changeableLogger: ChangeableLogger;
  #security: Security | undefined;
  #listening: Listeners | undefined;
  readonly #atClose = new AsyncDisposableStack();

  constructor(data: WorkerData, ports: Omit<WorkerPorts, 'control'>, env: WorkerEnv) {
    const owner = new RecordsClient(ports.questions, env.clock);
    this.#data = data;
    this.#ports = ports;
    this.#env = env;
    this.#owner = owner;
    this.#changeableLogger = new ChangeableLogger(
      (level) => remoteLogger(owner, level),
      data.options.logLevel,
    );
    const { catalog, identity, keys, meter } = ports;
    for (const port of [catalog, identity, keys, meter]) this.#atClose.defer(() => port.close());
    this.#atClose.defer(() => owner.close());
  }

  async obey(command: Command): Promise<void> {
    if (command.kind === 'begin') await this.#begin(command);
    else if (command.kind === 'change') this.#change(command);
    else if (command.kind === 'shed') this.#listening?.shed();
    else await this.#atClose.disposeAsync();
  }

  async #begin({ endpoints, journals, gate }: Command & { readonly kind: 'begin' }): Promise<void> {
    const { clock, random } = this.#env;
    const owner = this.#owner;
    const logger = calmLogger(this.#changeableLogger, clock);
    this.#env.outliveRejections(logger);
    const control = replicatedControl(this.#ports, journals);
    const rootKey = rootKeyOf(gate.rootSecrets, random);
    const { region, account } = this.#data.options;
    const rules = { isSigned: gate.isSigned, credentials: gate.credentials, region, account };
    const security = openSecurity(control.identity, rootKey, rules, this.#env);
    this.#security = security;
    const loadReport = new LoadReport(owner, clock);
    this.#atClose.defer(() => loadReport.stop());
    const calls = new CallStatistics(clock, (time, measured, isOver) =>
      owner.tell('calls', { time, measured, isOver }),
    );
    this.#atClose.defer(() => calls.close());
    const meter = new Meter({ clock, catalog: control.catalog });
    answerForMeter(this.#ports.meter, meter);
    this.#atClose.defer(() => tellCounted(owner, meter));
    const seen = { meter, calls };
    const parts = { owner, control, loadReport, ...seen, security, audit: this.#audit(), logger };
    const gateway = workerGateway(this.#data, this.#env, parts);
    this.#atClose.defer(() => gateway.close());
    const listening = await gateway.listen(endpoints, this.#data.share);
    this.#listening = listening;
    this.#atClose.defer(() => listening.close());
    const reports = new AbortController();
    this.#atClose.defer(() => reports.abort());
    if (this.#data.options.workers === 'auto') detached(this.#reportBusy(reports.signal), unthinkable);
  }

  /** Lets the owner know how busy this thread is, when that has changed: a quiet thread wakes no other. */
  async #reportBusy(ended: AbortSignal): Promise<void> {
    const { clock, pressure } = this.#env;
    let told = 0;
    while (!ended.aborted) {
      const busy = pressure.busy();
      if (Math.abs(busy - told) >= busyStep) {
        this.#owner.tell('busy', busy);
        told = busy;
      }
      await clock.sleep(reportMs, ended);
    }
  }

  /** What this thread refuses, and what it carries out itself, is recorded by the owner. */
  #audit(): Audit {
    const { options } = this.#data;
    if (!isAudited(options)) return noAudit;
    const recorder = new Recorder(options, this.#env, (note) => this.#owner.tell('audit', note));
    this.#atClose.defer(() => recorder.close());
    return recorder;
  }

  #change({ credentials, logLevel }: Command & { readonly kind: 'change' }): void {
    this.#changeableLogger.change(logLevel);
    if (credentials !== undefined) this.#security?.gate.admit(credentials);
  }
}

/** As often as the owner looks. */
const reportMs: Millis = 1_000;

/** Less makes no difference to the number of workers. */
const busyStep = 0.02;

/** What a worker works with. */
export type WorkerParts = Pick<Env, 'logger'> & {
  readonly security: Security;
  readonly audit: Audit;
  readonly owner: RecordsClient;
  readonly control: Control;
  readonly loadReport: LoadReport;
  readonly calls?: CallStatistics;
  readonly meter: Meter;
};

/** The journals and the records are the owner's, and so is what a worker does not carry out itself. */
export function workerGateway(
  { options, buckets }: Pick<WorkerData, 'options' | 'buckets'>,
  env: Pick<WorkerEnv, 'clock' | 'random' | 'network' | 'workers'>,
  { owner, control, loadReport, meter, calls, security, audit, logger }: WorkerParts,
): Gateway {
  const { clock, random, workers } = env;
  const isOnKafka = engineOf(options) === 'kafka';
  const certificate = new ShownCertificate(async () => (await owner.ask('certificate', undefined)).body);
  return new Gateway(
    options,
    { clock, random, workers, logger, network: env.network(logger) },
    {
      control,
      security,
      keysElsewhere: new OwnerKeys(owner),
      served: undefined,
      log: new RemoteRecords(owner),
      load: loadReport.load,
      calls,
      meter,
      readings: undefined,
      background: noBackground,
      subscriptions: new RemoteSubscriptions(owner),
      audit,
      identity: certificate.identity,
      buckets: new SharedBuckets(buckets, clock),
      throttle: isOnKafka
        ? new RemoteThrottle(owner, ratesIn(control.catalog, options.limits === 'aws'))
        : undefined,
      health: () => owner.health(clock),
      authority: undefined,
      freshness: isOnKafka ? remoteFreshness(owner, clock) : undefined,
      owner: remoteOwner(owner),
    },
  );
}

/** The background work is the owner's. */
const noBackground: Background = { nudge() {}, async stop() {} };
