import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { Gate } from '../../access/gate.ts';
import type { Env } from '../../env/env.ts';
import type { Handler } from '../../env/network.ts';
import { nodeClock } from '../../env/node-clock.ts';
import { nodeRandom } from '../../env/node-random.ts';
import { transferred } from '../../gateway/error-transfer.ts';
import { remoteOwner } from '../../gateway/forwarding.ts';
import { LoadReport } from '../../gateway/load-report.ts';
import { RecordsClient } from '../../gateway/records-client.ts';
import { RemoteRecords } from '../../gateway/remote-records.ts';
import { ReplicaCatalog } from '../../gateway/replica-catalog.ts';
import { SharedBuckets } from '../../gateway/shared-buckets.ts';
import { nodeNetwork } from '../../http/listener.ts';
import { RemoteCertificate } from '../../http/tls/remote-certificate.ts';
import { createDispatch } from '../../rpc/dispatch.ts';
import type { LargeBodies } from '../../rpc/large-body.ts';
import { kinesisWorld } from '../../services/kinesis/world.ts';
import type { Background } from '../../stream/background.ts';
import { Load } from '../../stream/load.ts';
import { calmLogger } from '../calm-logger.ts';
import { ChangeableLogger } from '../changeable-logger.ts';
import { dispatchWorld } from '../dispatch-world.ts';
import { outliveRejections } from '../last-resort.ts';
import { serverPages } from '../pages.ts';
import { servedScopes, servicesIn } from '../services.ts';
import { nodeBodyThread } from './body-thread.ts';
import { Heartbeat } from './heartbeat.ts';
import { remoteLogger } from './remote-logger.ts';
import type { Command, Report, WorkerData } from './worker-data.ts';

/** A front, in its own thread: takes requests from when the owner says so until it says that it is enough. */
export async function runWorker(assignment: WorkerData, control: MessagePort): Promise<void> {
  const owner = new RecordsClient(assignment.questions);
  const begin = await nextOrder(control);
  if (begin.kind !== 'begin') return;
  const { options, credentials } = assignment;
  const changeableLogger = new ChangeableLogger((level) => remoteLogger(owner, level), options.logLevel);
  const logger = calmLogger(changeableLogger, nodeClock);
  outliveRejections(logger);
  const gate = new Gate(credentials, options, nodeClock, servedScopes);
  const report = (said: Report) => control.postMessage(said);
  const closed = closing(control, ({ credentials, logLevel }) => {
    changeableLogger.change(logLevel);
    if (credentials !== undefined) gate.admit(credentials);
    report(undefined);
  });
  const catalog = new ReplicaCatalog(assignment.revisions, begin.catalog);
  const load = new Load();
  const loadReport = new LoadReport(load, owner, nodeClock);
  const certificate = new RemoteCertificate(async () => (await owner.ask('certificate', undefined)).body);
  const world = { clock: nodeClock, random: nodeRandom(), logger, gate, owner, catalog, load };
  await using bodies = nodeBodyThread(nodeClock);
  const handle = workerHandler(assignment, world, bodies);
  const network = nodeNetwork(nodeClock, logger, assignment.share);
  try {
    const listening = await network.listen(begin.endpoint, handle, certificate.identity, gate.recognize);
    report(undefined);
    await closed;
    await listening.close();
  } catch (error) {
    report(transferred(error));
    await closed;
  }
  loadReport.stop();
  owner.close();
  catalog.close();
}

async function nextOrder(control: MessagePort): Promise<Command> {
  const [order] = await once(control, 'message');
  return order;
}

/** Resolves when the owner says that it is enough. Until then, what it changes is handed to `change`. */
function closing(control: MessagePort, change: (order: Change) => void): Promise<void> {
  return new Promise((resolve) => {
    const obey = (order: Command) => {
      if (order.kind === 'change') return change(order);
      // A port that somebody listens to keeps its thread alive.
      control.off('message', obey);
      resolve();
    };
    control.on('message', obey);
  });
}

type Change = Extract<Command, { kind: 'change' }>;

/** What a front works with. */
export type WorkerWorld = Pick<Env, 'clock' | 'random' | 'logger'> & {
  readonly gate: Gate;
  readonly owner: RecordsClient;
  readonly catalog: ReplicaCatalog;
  readonly load: Load;
};

/**
 * As a server's, but that the catalog and the log are the owner's, and so is what a front does not carry out
 * itself.
 */
export function workerHandler(
  { options, buckets, heartbeat }: Pick<WorkerData, 'options' | 'buckets' | 'heartbeat'>,
  world: WorkerWorld,
  bodies?: LargeBodies,
): Handler {
  const { owner, catalog, load, clock } = world;
  const state = { catalog, log: new RemoteRecords(owner), load, background: noBackground };
  const streams = kinesisWorld(options, world, state, buckets && new SharedBuckets(buckets, clock));
  const beat = new Heartbeat(heartbeat);
  const isAlive = () => beat.isAlive;
  const pages = serverPages({ clock, memory: options.memory, isAlive, authority: undefined });
  const dispatching = dispatchWorld(options, world, world.gate.authenticate, pages, bodies);
  return createDispatch(servicesIn(streams), { ...dispatching, owner: remoteOwner(owner) });
}

/** It is the owner's. */
const noBackground: Background = { nudge() {}, async stop() {} };
