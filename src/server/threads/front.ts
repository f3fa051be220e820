import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { CallRates } from '../../api/call-rate.ts';
import { createDispatch } from '../../api/dispatch.ts';
import { encodePage } from '../../api/subscribe-to-shard.ts';
import type { Logger } from '../../env/logger.ts';
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
import { FanOut } from '../../stream/fan-out.ts';
import { Load } from '../../stream/load.ts';
import { Subscriptions } from '../../stream/subscriptions.ts';
import { awsThrottle, noThrottle } from '../../stream/throttle.ts';
import { makeTokens } from '../../stream/token.ts';
import { authenticateWith } from '../authentication.ts';
import { withHealth } from '../health.ts';
import { nodeNetwork } from '../listener.ts';
import { pinoLogger } from '../pino-logger.ts';
import { RemoteCertificate } from '../tls/remote-certificate.ts';
import type { Assignment, Order, Report } from './assignment.ts';

/** A front, in its own thread: takes requests from when the owner says so until it says that it is enough. */
export async function runFront(assignment: Assignment, control: MessagePort): Promise<void> {
  const owner = new Owner(assignment.questions);
  const begin = await nextOrder(control);
  const closed = nextOrder(control);
  if (begin.kind !== 'begin') return;
  const logger = pinoLogger(assignment.options.logLevel, { write: (line) => owner.tell('line', line) });
  const catalog = new ReplicaCatalog(assignment.revisions, begin.catalog);
  const load = new Load();
  const loadReport = new LoadReport(load, owner, nodeClock);
  const certificate = new RemoteCertificate(async () => (await owner.ask('certificate', undefined)).body);
  const handle = handlerOf(assignment, { owner, catalog, logger, load });
  const network = nodeNetwork(nodeClock, logger, assignment.share);
  const report = (said: Report) => control.postMessage(said);
  try {
    const listening = await network.listen(begin.endpoint, handle, certificate.identity);
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

type Parts = {
  readonly owner: Owner;
  readonly catalog: ReplicaCatalog;
  readonly logger: Logger;
  readonly load: Load;
};

/** As a server's, but that the catalog and the log are the owner's, and so is what it does not carry out itself. */
function handlerOf(
  { options, credentials, buckets }: Assignment,
  { owner, catalog, logger, load }: Parts,
): Handler {
  const clock = nodeClock;
  const random = nodeRandom();
  const service = {
    clock,
    logger,
    catalog,
    log: new RemoteLog(owner),
    load,
    throttle: buckets === undefined ? noThrottle : awsThrottle(clock, new SharedBuckets(buckets, clock)),
    tokens: makeTokens(Buffer.from(catalog.state.secret, 'hex'), random),
    background: { nudge() {}, async stop() {} },
    fanOut: new FanOut(encodePage),
    subscriptions: new Subscriptions(clock),
    rates: new CallRates(clock),
    limited: options.limits === 'aws',
  };
  const authenticate = authenticateWith(credentials, options);
  const api = createDispatch(service, authenticate, random, forwardTo(owner));
  return withHealth(withOwnersPages(api, owner), options, clock);
}
