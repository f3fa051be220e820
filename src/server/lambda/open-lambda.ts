import type { Placement } from '../../cluster/placement.ts';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import type { HttpClient } from '../../env/http-client.ts';
import type { Place } from '../../env/network.ts';
import type { Processes } from '../../env/processes.ts';
import type { FollowedControl } from '../../gateway/control.ts';
import { followJournal } from '../../journal/follow.ts';
import type { FollowedJournal } from '../../journal/journal.ts';
import type { Engine } from '../../log/log.ts';
import type { MetricStore } from '../../services/cloudwatch/metrics/metric-store.ts';
import { codeInMemoryBytesMax } from '../../services/lambda/code/code-store.ts';
import { openCodeStore } from '../../services/lambda/code/stored-code.ts';
import type { Destinations } from '../../services/lambda/failures/destinations.ts';
import { openFailureStore } from '../../services/lambda/failures/logged-failures.ts';
import { compileFilter } from '../../services/lambda/filter/compile-filter.ts';
import type { AttachedFunctions } from '../../services/lambda/functions/attached-functions.ts';
import { EndingFunctions } from '../../services/lambda/functions/ending-functions.ts';
import { EventQueue } from '../../services/lambda/functions/event-queue.ts';
import { type Functions, payloadBytesMax } from '../../services/lambda/functions/functions.ts';
import { clientPatienceMs, type FunctionsWorld } from '../../services/lambda/functions/functions-world.ts';
import { openFunctions } from '../../services/lambda/functions/open-functions.ts';
import { RecentOutput, withAnswers } from '../../services/lambda/functions/recent-output.ts';
import { lambdaKey, type RunningLambda } from '../../services/lambda/late-lambda.ts';
import { CountedMetrics } from '../../services/lambda/mappings/counted-metrics.ts';
import type { SightsElsewhere } from '../../services/lambda/mappings/mapping-sight.ts';
import { mappingSources } from '../../services/lambda/mappings/mapping-sources.ts';
import { readerAs } from '../../services/lambda/mappings/role-reader.ts';
import type { SourceAccess } from '../../services/lambda/mappings/source-access.ts';
import { runMappings } from '../../services/lambda/poller/running-mappings.ts';
import type { LambdaEdit, LambdaState } from '../../services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../services/lambda/state/open-lambda-journal.ts';
import { findRole } from '../../services/sts/parts/role.ts';
import type { Gateway } from '../gateway.ts';
import { functionInstancesOf, functionKindsOf } from '../lambda-options.ts';
import type { ServerOptions } from '../options.ts';
import type { Security } from '../security.ts';
import { controlSegmentBytes } from '../storage.ts';
import { needsTls, type TlsIdentity } from '../tls-identity.ts';
import { credentialsInVariables } from '../variables.ts';
import { failureDestinations } from './failure-destinations.ts';
import { functionCredentials, trustsLambda } from './function-credentials.ts';
import { lambdaUpkeep } from './lambda-upkeep.ts';
import { measuredIn } from './measured.ts';
import { ownUrlOf } from './own-url.ts';
import { signedUrls } from './signed-urls.ts';

/** What of a server Lambda works with. */
export type LambdaSurroundings = {
  readonly control: FollowedControl;
  readonly security: Security;
  readonly tls: Pick<TlsIdentity, 'authority'>;
  readonly gateway: Pick<Gateway, 'served'>;
  readonly placement: Placement;
  readonly sightsElsewhere: SightsElsewhere;
  /** Where metrics are put. */
  readonly metrics: Pick<MetricStore, 'put'>;
  readonly attached: AttachedFunctions;
  /** Where the server listens. */
  readonly endpoints: readonly Place[];
  /** Has what is due be done soon. */
  readonly nudge: () => void;
  /** A directory of this machine; undefined in a world that has none but the data directory. */
  readonly diskAt: ((directory: string) => Disk) | undefined;
};

/**
 * Opens the journal, and has functions and mappings run. Everything that Lambda is made of meets here.
 * Rejects as `openLambdaJournal` does.
 */
export async function openLambda(
  log: Engine,
  settings: ServerOptions,
  env: Env,
  around: LambdaSurroundings,
): Promise<RunningLambda> {
  await using opened = new AsyncDisposableStack();
  const { clock, random, logger } = env;
  const { control, gateway, security, placement, nudge } = around;
  const { catalog, identity } = control;
  const { streams } = gateway.served;
  const slackBytes = controlSegmentBytes(settings.segmentBytes);
  const journal = await openLambdaJournal(log, { slackBytes, turn: () => clock.turn() });
  if (log.writer !== undefined) opened.use(shared(journal, log, env, nudge));
  const bytesMax = settings.memory ? codeInMemoryBytesMax : undefined;
  const code = openCodeStore(log, { journal, clock, random, bytesMax });
  const failures = openFailureStore(log, { clock, random, logger });
  const counted = new CountedMetrics({ clock, logger, port: measuredIn(around.metrics) });
  opened.defer(() => counted.close());
  const programs = opened.use(new Programs(env));
  const output = new RecentOutput();
  const stores = { journal, code, output, programs, metrics: counted };
  const running = opened.use(await functionsIn(settings, env, around, stores));
  const functions = opened.use(new EndingFunctions(withAnswers(running, output), clock));
  const events = opened.use(new EventQueue({ clock, logger, functions, journal }));
  const sources = sourcesIn(around);
  const mappings = opened.use(
    runMappings({
      ...{ clock, random, logger, journal, functions, failures, sources, placement, catalog },
      log: streams.world.log,
      destinations: destinationsIn(settings, env, around),
      metrics: counted,
      filterOf: compileFilter,
    }),
  );
  const { isSigned, sessions } = security;
  const { transitionDelay } = settings;
  const url = knownUrl(settings, around);
  // Who waits for more of it waits no longer.
  opened.defer(() => output.close());
  const all = opened.move();
  return {
    opened: {
      ...{ journal, code, functions, events, output, failures, sources, sight: mappings, nudge },
      sightsElsewhere: around.sightsElsewhere,
      records: streams.world.log,
      isAssumable: (role) => !isSigned || trustsLambda(identity.state, role),
      signedUrl: signedUrls({ clock, sessions, isSigned, url }),
    },
    tick: lambdaUpkeep({ journal, clock, code, failures, transitionDelay }),
    close: () => all.disposeAsync(),
  };
}

function sourcesIn({ control, security, gateway }: LambdaSurroundings): SourceAccess {
  const { catalog, identity } = control;
  const { authorizer, isSigned } = security;
  const { keyUse } = gateway.served.streams.world;
  return mappingSources({
    ...{ catalog, identity, authorizer: isSigned ? authorizer : undefined },
    requireToRead: (caller, stream, keyArns) => keyUse.requireToRead(caller, stream, keyArns),
  });
}

function destinationsIn(settings: ServerOptions, env: Env, around: LambdaSurroundings): Destinations {
  const { control, security, gateway, diskAt = () => env.disk } = around;
  const { streams } = gateway.served;
  const { authorizer, isSigned } = security;
  const { identity } = control;
  const callerOf = (role: string) =>
    isSigned && findRole(identity.state, role) === undefined
      ? undefined
      : readerAs(role, settings.region ?? 'us-east-1', identity.state);
  return failureDestinations(settings, env, { streams, authorizer, callerOf, diskAt });
}

/** Undefined where the server listens on all addresses: which of them clients use is not known here. */
function knownUrl(settings: ServerOptions, { endpoints }: LambdaSurroundings): string | undefined {
  const isAnywhere = endpoints.some((place) => 'host' in place && /^(0\.0\.0\.0|::)$/.test(place.host));
  return isAnywhere ? undefined : ownUrlOf(endpoints, needsTls(settings));
}

/** What other gateways commit shows here, and what they have begun is gone on with. */
function shared(
  journal: FollowedJournal<LambdaState, LambdaEdit>,
  log: Engine,
  { clock, panic }: Pick<Env, 'clock' | 'panic'>,
  nudge: () => void,
): AsyncDisposable {
  journal.follow(({ edits }) => {
    if (edits.some(({ of }) => of === 'mapping')) nudge();
  });
  return followJournal(journal, log, lambdaKey, { clock, panic });
}

type Stores = Pick<FunctionsWorld, 'journal' | 'code' | 'metrics' | 'output'> & {
  readonly programs: Programs;
};

async function functionsIn(
  settings: ServerOptions,
  env: Env,
  { control, security, tls, attached, endpoints }: LambdaSurroundings,
  { programs, ...stores }: Stores,
): Promise<Functions & AsyncDisposable> {
  const { clock, random, logger, network, workers } = env;
  const isTls = needsTls(settings);
  const authority = isTls ? await tls.authority?.() : undefined;
  const { identity } = control;
  const { sessions, isSigned } = security;
  const url = ownUrlOf(endpoints, isTls);
  return openFunctions({
    ...{ clock, random, logger, network, ...stores },
    client: patient(env.client),
    signing: credentialsInVariables(),
    processes: programs.open,
    logs: settings.memory ? undefined : env.disk,
    credentials: functionCredentials({ clock, identity, sessions, isSigned, url, authority }),
    attached,
    kinds: functionKindsOf(settings),
    instancesMax: functionInstancesOf(settings, workers.coresMax),
  });
}

/** What the processes of functions are started by, which ends with Lambda. */
class Programs implements AsyncDisposable {
  readonly #env: Pick<Env, 'processes'>;
  #opened: Promise<Processes> | undefined;

  constructor(env: Pick<Env, 'processes'>) {
    this.#env = env;
  }

  /** Loaded with the first function that runs in a process. One that fails is tried again by the next. */
  readonly open = (): Promise<Processes> => {
    this.#opened ??= this.#env.processes().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const processes = await this.#opened?.catch(() => undefined);
    await processes?.[Symbol.asyncDispose]();
  }
}

/** A function behind a URL may take as long, and answer as much, as any. */
function patient(client: HttpClient): HttpClient {
  const limits = { timeoutMs: clientPatienceMs, bodyBytesMax: payloadBytesMax + answerHeadBytes };
  return { send: (request, signal) => client.send({ ...limits, ...request }, signal) };
}

/** One that is a little too long is read, to be told from one that is cut. */
const answerHeadBytes = 64 * 1024;
