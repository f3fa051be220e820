import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { createDispatch } from '../../api/dispatch.ts';
import type { Env } from '../../env/env.ts';
import type { Handler } from '../../env/network.ts';
import { nodeClock } from '../../env/node-clock.ts';
import { nodeRandom } from '../../env/node-random.ts';
import { forwardTo, withOwnersPages } from '../../fronts/forwarding.ts';
import { LoadReport } from '../../fronts/load-report.ts';
import { Owner } from '../../fronts/owner.ts';
import { plainError } from '../../fronts/plain-error.ts';
import { RemoteLog } from '../../fronts/remote-log.ts';
import { ReplicaCatalog } from '../../fronts/replica-catalog.ts';
import { SharedBuckets } from '../../fronts/shared-buckets.ts';
import type { Background } from '../../stream/background.ts';
import { Load } from '../../stream/load.ts';
import { authenticateWith, recognizeWith } from '../authentication.ts';
import { withHealth } from '../health.ts';
import { outliveRejections } from '../last-resort.ts';
import { nodeNetwork } from '../listener.ts';
import { serviceOn } from '../service.ts';
import { RemoteCertificate } from '../tls/remote-certificate.ts';
import type { Assignment, Order, Report } from './assignment.ts';
import { remoteLogger } from './remote-logger.ts';

/** A front, in its own thread: takes requests from when the owner says so until it says that it is enough. */
export async function runFront(assignment: Assignment, control: MessagePort): Promise<void> {
  const owner = new Owner(assignment.questions);
  const begin = await nextOrder(control);
  const closed = nextOrder(control);
  if (begin.kind !== 'begin') return;
  const logger = remoteLogger(owner, assignment.options.logLevel);
  outliveRejections(logger);
  const catalog = new ReplicaCatalog(assignment.revisions, begin.catalog);
  const load = new Load();
  const loadReport = new LoadReport(load, owner, nodeClock);
  const certificate = new RemoteCertificate(async () => (await owner.ask('certificate', undefined)).body);
  const world = { clock: nodeClock, random: nodeRandom(), logger, owner, catalog, load };
  const handle = frontHandler(assignment, world);
  const recognize = recognizeWith(assignment.credentials, assignment.options, nodeClock);
  const network = nodeNetwork(nodeClock, logger, assignment.share);
  const report = (said: Report) => control.postMessage(said);
  try {
    const listening = await network.listen(begin.endpoint, handle, certificate.identity, recognize);
    report(undefined);
    await closed;
    await listening.close();
  } catch (error) {
    report(plainError(error));
    await closed;
  }
  loadReport.stop();
  owner.close();
  catalog.close();
}

async function nextOrder(control: MessagePort): Promise<Order> {
  const [order] = await once(control, 'message');
  return order;
}

/** What a front works with. */
export type FrontWorld = Pick<Env, 'clock' | 'random' | 'logger'> & {
  readonly owner: Owner;
  readonly catalog: ReplicaCatalog;
  readonly load: Load;
};

/** As a server's, but that the catalog and the log are the owner's, and so is what a front does not carry out itself. */
export function frontHandler(
  { options, credentials, buckets }: Pick<Assignment, 'options' | 'credentials' | 'buckets'>,
  world: FrontWorld,
): Handler {
  const { owner, catalog, load, clock } = world;
  const state = { catalog, log: new RemoteLog(owner), load, background: noBackground };
  const service = serviceOn(options, world, state, buckets && new SharedBuckets(buckets, clock));
  const authenticate = authenticateWith(credentials, options);
  const api = createDispatch(service, authenticate, world.random, forwardTo(owner));
  return withHealth(withOwnersPages(api, owner), options, clock);
}

/** It is the owner's. */
const noBackground: Background = { nudge() {}, async stop() {} };
