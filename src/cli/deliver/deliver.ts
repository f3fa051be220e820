import { placedHere } from '../../cluster/placed-here.ts';
import { runDeliveries } from '../../delivery/deliveries.ts';
import type { DeliverySpec } from '../../delivery/delivery-spec.ts';
import type { DeliverySight, DeliveryWorld } from '../../delivery/delivery-world.ts';
import type { DeliveryJournal } from '../../delivery/state/delivery-state.ts';
import { openDeliveryJournal } from '../../delivery/state/open-delivery-journal.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import { StartError } from '../../env/start-error.ts';
import { Condition } from '../../log/condition.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import { openObjectStore } from '../../objects/open-object-store.ts';
import { openCatalogs } from '../../server/delivery/table-catalogs.ts';
import { controlLogOptions } from '../../server/storage.ts';
import type { From, Source } from '../copy/source.ts';
import { awsSuffix, type Online } from '../online.ts';
import { anchoredJournal } from './anchored-journal.ts';
import { amountText, DeliverProgress } from './deliver-progress.ts';
import type { DeliverRequest } from './deliver-request.ts';
import { deliverSpecOf } from './deliver-spec.ts';
import { DeliverState } from './deliver-state.ts';
import { type FoundStream, findSource, sampledSchema } from './found-stream.ts';
import { StreamReader } from './stream-reader.ts';

export type DeliverOutput = {
  readonly isTerminal: boolean;
  /** Is shown how far it is. */
  readonly show: (line: string) => void;
  /** Ends it; it can be gone on with. */
  readonly signal: AbortSignal;
};

export type DeliverWorld = {
  readonly env: Env & { readonly diskAt: (directory: string) => Disk };
  readonly place: Online;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly source: Source;
};

/** It was ended before all was delivered. */
export class InterruptedDelivery extends Error {
  override readonly name = 'InterruptedDelivery';
}

/**
 * Delivers a stream until it is done or the signal ends it, and answers what is to be said then. Rejects with
 * `StartError`, with `KinesisRefusal`, and with `InterruptedDelivery`.
 */
export async function deliverStream(
  request: DeliverRequest,
  world: DeliverWorld,
  output: DeliverOutput,
): Promise<string> {
  const { env, source } = world;
  const { clock } = env;
  await using opened = new AsyncDisposableStack();
  const disk = await lockedFolder(request.state, env, opened);
  const found = await findSource(source);
  const objects = storeOf(request, world);
  await requireBucket(objects, request.to.bucket, output.signal);
  const state = await stateOf(request, world, disk, found);
  const log = await openEmbeddedLog({ ...env, disk }, 'journal', controlLogOptions);
  opened.defer(() => log.close());

  const progress = new DeliverProgress(output.show, output.isTerminal, clock);
  const refused = Promise.withResolvers<never>();
  refused.promise.catch(() => undefined);
  const journal = anchoredJournal(await openDeliveryJournal(log), state, refused.reject);
  const { address, arn, created } = found;
  const stream = { address, id: `${arn}@${created}` };
  const reader = new StreamReader({
    ...{ source, state, clock, ...stream, follows: request.follows },
    heard: (shardId, behindMs) => progress.heard(shardId, behindMs),
    failed: refused.reject,
  });
  await reader.list();
  if (request.form.kind === 'parquet' && request.form.columns === undefined)
    state.schema ??= await sampledSchema(source, [...state.shards.values()], state.start);
  await journal.keep();
  const spec = deliverSpecOf(request, stream, `once/${state.id}`, state.schema);
  const running = opened.use(runDeliveries(deliveryWorld(spec, { env, reader, journal, objects, world })));
  const told = () => {
    const [sight] = running.sight();
    if (sight !== undefined) progress.tell(sight, reader.shards);
    return sight;
  };
  const sight = await Promise.race([refused.promise, untilOver(told, clock, output.signal)]);
  return endText(request, sight);
}

/** Makes the folder where it is missing, and has it be this process's. */
async function lockedFolder(
  path: string,
  { diskAt }: DeliverWorld['env'],
  opened: AsyncDisposableStack,
): Promise<Disk> {
  const disk = diskAt(path);
  await disk.createDirectory('.');
  const lock = await disk.lock('lock');
  if (lock === undefined) throw new StartError(`another delivery uses ${path}`);
  opened.defer(() => lock.release());
  return disk;
}

async function stateOf(
  { stream, from, to, form, s3, state: path, follows }: DeliverRequest,
  { env, place }: DeliverWorld,
  disk: Disk,
  { arn, created }: FoundStream,
): Promise<DeliverState> {
  const delivered = {
    ...{ endpoint: place.endpoint, stream, streamArn: arn, streamCreated: created },
    ...{ from, to, form, s3: s3 ?? '', follows },
  };
  const known = await DeliverState.load(path, disk, delivered);
  if (known !== undefined) return known;
  const began = env.clock.now();
  const at = from.kind === 'AT_TIMESTAMP' ? from.at : began;
  const start: From =
    from.kind === 'TRIM_HORIZON'
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: at / 1000 };
  const id = env.random.bytes(16).toString('hex');
  return DeliverState.begin(path, disk, { delivered, id, began, start });
}

/** As the AWS CLI finds it: AWS's own, unless something else is said. */
function storeOf({ s3 }: DeliverRequest, { env, place, variables }: DeliverWorld): ObjectStore {
  const { region, credentials } = place;
  const named = s3 ?? (variables['AWS_ENDPOINT_URL_S3'] || undefined);
  const url = named ?? `https://s3.${region}.${awsSuffix(region)}`;
  return openObjectStore(env, { url, region, credentials });
}

/** Rejects with `StartError` where there is none. That it may not be listed is no matter. */
async function requireBucket(objects: ObjectStore, bucket: string, signal: AbortSignal): Promise<void> {
  try {
    await objects.list(bucket, { prefix: '', max: 1 }, signal);
  } catch (error) {
    if (error instanceof ObjectStoreError && error.code === 'NoSuchBucket')
      throw new StartError(`there is no bucket ${bucket}`, { cause: error });
    if (!(error instanceof ObjectStoreError)) throw error;
  }
}

type Parts = {
  readonly env: Env;
  readonly reader: StreamReader;
  readonly journal: DeliveryJournal;
  readonly objects: ObjectStore;
  readonly world: DeliverWorld;
};

function deliveryWorld(spec: DeliverySpec, { env, reader, journal, objects, world }: Parts): DeliveryWorld {
  const { clock, random, logger, client, workers } = env;
  const { region, credentials } = world.place;
  return {
    ...{ clock, random, logger, client, workers, journal, objects },
    catalog: reader.catalog,
    log: reader.records,
    trim: async () => undefined,
    placement: placedHere,
    catalogOf: openCatalogs({ region }, env, objects, credentials),
    functions: { invoke: () => Promise.reject(new Error('no function transforms')) },
    // The service that the stream is of asks for rights itself.
    rights: { refusalOf: () => undefined, requireToRead: () => undefined },
    metrics: { count: () => undefined },
    wanted: { all: () => [spec], changed: (signal) => new Condition().until(() => false, signal) },
  };
}

/** Until it is over, or is to end. Rejects with `StartError` when it cannot go on. */
async function untilOver(
  told: () => DeliverySight | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<DeliverySight | undefined> {
  for (;;) {
    const sight = told();
    if (sight?.state === 'over' || signal.aborted) return sight;
    if (sight?.state === 'suspended') throw new StartError(sight.reason ?? 'it cannot go on');
    await clock.sleep(lookMs, signal);
  }
}

const lookMs: Millis = 200;

function endText({ state, follows }: DeliverRequest, sight: DeliverySight | undefined): string {
  const amount = sight === undefined ? 'nothing' : amountText(sight);
  if (sight?.state === 'over')
    return `${amount} delivered. ${state} says so: remove it to deliver them again.\n`;
  if (follows) return `${amount} delivered; the same command goes on.\n`;
  throw new InterruptedDelivery(`interrupted after ${amount}; the same command goes on`);
}
