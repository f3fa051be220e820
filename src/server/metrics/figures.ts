import type { Clock } from '../../env/clock.ts';
import type { DiskSpace } from '../../env/disk.ts';
import type { ProcessFigures } from '../../env/own-process.ts';
import type { Health } from '../../gateway/health.ts';
import { formatShardId } from '../../kinesis/shard-id.ts';
import { isHidden, type Stream } from '../../kinesis/stream.ts';
import { type Counted, countedIn } from '../../services/millrace/parts/counted.ts';
import { type Counts, noCounts, type OperationCounts, type Reading } from '../../stream/meter/counts.ts';
import type { EngineName } from '../options.ts';
import { Labels } from './family.ts';
import type { ReaderLag } from './reader-lag.ts';

/** What a server can tell of itself at one moment, as rows that families take their samples from. */
export type Figures = {
  readonly build: readonly { readonly labels: Labels }[];
  readonly server: ServerFigures;
  readonly process: ProcessFigures | undefined;
  readonly loopDelays: readonly { readonly labels: Labels; readonly seconds: number }[];
  readonly collections: readonly {
    readonly labels: Labels;
    readonly count: number;
    readonly seconds: number;
  }[];
  readonly streams: readonly StreamFigures[];
  readonly shards: readonly ShardFigures[];
  readonly consumers: readonly (ReaderLag & { readonly labels: Labels })[];
  readonly operations: readonly (OperationCounts & { readonly labels: Labels })[];
  readonly operationErrors: readonly { readonly labels: Labels; readonly count: number }[];
  readonly journals: readonly { readonly labels: Labels; readonly commits: number }[];
};

export type ServerFigures = {
  readonly health: Health;
  readonly connections: number | undefined;
  readonly disk: DiskSpace | undefined;
  readonly streams: number;
  /** Open shards that have no series of their own. */
  readonly shardsLeftOut: number;
};

export type StreamFigures = {
  readonly labels: Labels;
  readonly stream: Stream;
  readonly counts: Counts;
  readonly open: number;
};

export type ShardFigures = { readonly labels: Labels; readonly counts: Counts };

/** Where figures come from. */
export type FiguresWorld = {
  readonly clock: Pick<Clock, 'now' | 'turn'>;
  readonly version: string;
  readonly engine: EngineName;
  readonly health: () => Health | Promise<Health>;
  readonly streams: () => Iterable<Stream>;
  /** Of all threads of this server. */
  readonly reading: () => Promise<Reading>;
  readonly lags: (counted: Counted) => Promise<readonly ReaderLag[]>;
  /** Of this process; absent in a world that has none. */
  readonly process: (() => Promise<ProcessFigures>) | undefined;
  /** Absent where the server has no data directory. */
  readonly disk: (() => Promise<DiskSpace>) | undefined;
  readonly connections: (() => number) | undefined;
  /** How many commits made the state of each journal. */
  readonly journals: () => Readonly<Record<string, number>>;
  /** How many shards may have series of their own. */
  readonly shardsMax: number;
};

/** Asks all there is to ask, once. */
export async function gatherFigures(world: FiguresWorld): Promise<Figures> {
  const { version, engine } = world;
  const reading = await world.reading();
  const counted = await countedIn(reading, world.clock);
  const [health, process, disk, lags] = await Promise.all([
    world.health(),
    world.process?.(),
    world.disk?.().catch(() => undefined),
    world.lags(counted),
  ]);
  const shown = await shownStreams(world, counted);
  const consumers = lags.map((lag) => ({ ...lag, labels: readerLabels(lag) }));
  const node = process?.nodeVersion;
  return {
    build: [{ labels: new Labels({ version, ...(node && { node_version: node }), engine }) }],
    server: {
      ...{ health, disk, connections: world.connections?.() },
      ...{ streams: shown.streams.length, shardsLeftOut: shown.shardsLeftOut },
    },
    ...{ process, streams: shown.streams, shards: shown.shards, consumers },
    loopDelays: delaysOf(process),
    collections: (process?.collections ?? []).map(({ kind, ...counts }) => ({
      ...counts,
      labels: new Labels({ kind }),
    })),
    ...operationFigures(reading.operations),
    journals: Object.entries(world.journals()).map(([journal, commits]) => ({
      labels: new Labels({ journal }),
      commits,
    })),
  };
}

/**
 * Streams by name, each with the sum of its shards, expired ones included as long as they are counted. Its
 * open shards have series of their own while all of them fit among `shardsMax`: a stream is shown whole, or
 * as a sum.
 */
async function shownStreams({ streams, shardsMax, clock }: FiguresWorld, counted: Counted) {
  const rows: StreamFigures[] = [];
  const shards: ShardFigures[] = [];
  let shardsLeftOut = 0;
  const visible = [...streams()].filter((stream) => !isHidden(stream)).sort(byName);
  for (const stream of visible) {
    const { account, region, name } = stream;
    const own = { account, region, stream: name };
    const counts = counted.streams.get(stream.id);
    const open = stream.shards.filter(({ closed }) => closed === undefined);
    rows.push({ stream, labels: new Labels(own), counts: counts?.sum ?? noCounts, open: open.length });
    if (shards.length + open.length > shardsMax) {
      shardsLeftOut += open.length;
      continue;
    }
    for (const { index } of open) {
      const labels = new Labels({ ...own, shard: formatShardId(index) });
      shards.push({ labels, counts: counts?.shards.get(index) ?? noCounts });
      if (shards.length % shardsPerStep === 0) await clock.turn();
    }
  }
  return { streams: rows, shards, shardsLeftOut };
}

/** A millisecond or less. */
const shardsPerStep = 1_000;

function byName(a: Stream, b: Stream): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return `${a.account}/${a.region}` < `${b.account}/${b.region}` ? -1 : 1;
}

function readerLabels({ stream, name, kind }: ReaderLag): Labels {
  const { account, region } = stream;
  return new Labels({ account, region, stream: stream.name, consumer: name, kind });
}

function delaysOf(process: ProcessFigures | undefined): Figures['loopDelays'] {
  if (process?.loopDelay === undefined) return [];
  const { p50Seconds, p90Seconds, p99Seconds, maxSeconds } = process.loopDelay;
  const parts = [
    ['0.5', p50Seconds],
    ['0.9', p90Seconds],
    ['0.99', p99Seconds],
    ['1', maxSeconds],
  ] as const;
  return parts.map(([share, seconds]) => ({ labels: new Labels({ share }), seconds }));
}

function operationFigures(
  operations: Reading['operations'],
): Pick<Figures, 'operations' | 'operationErrors'> {
  const errors = operations.flatMap(({ operation, clientErrors, serverErrors }) => [
    { labels: new Labels({ operation, fault: 'client' }), count: clientErrors },
    { labels: new Labels({ operation, fault: 'server' }), count: serverErrors },
  ]);
  const labelled = operations.map((counts) => ({
    ...counts,
    labels: new Labels({ operation: counts.operation }),
  }));
  return { operations: labelled, operationErrors: errors };
}
