import type { Clock, Millis } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';
import { deaggregated, type SingleRecord } from '../../views/decode/deaggregated.ts';
import type { ViewedRecord } from '../../views/view.ts';
import type { CommandWorld } from '../command-world.ts';
import { InterruptedError, type KinesisEnd, KinesisRefusal } from '../copy/kinesis-end.ts';
import { type From, Source } from '../copy/source.ts';
import { Target } from '../copy/target.ts';
import { readMerged } from '../read/merged-reading.ts';
import { decoderOf, openEnd, pauseAtTip, untilAborted, whereOf } from '../read/open-view.ts';
import { fromOf, timeOf } from '../read/when.ts';
import { RecordPutter } from './record-putter.ts';
import { ReplayProgress } from './replay-progress.ts';
import type { ReplayRequest } from './replay-request.ts';

/**
 * Puts a range of a stream into another one, and says how many records that were. When it is told to end,
 * it ends after what is under way. Rejects as calls do, and with `StartError` when it is not known what
 * became of a put.
 */
export async function replay(request: ReplayRequest, world: CommandWorld): Promise<number> {
  const { clock, out } = world;
  const from = fromOf(request.from, clock.now());
  const until = request.until === undefined ? clock.now() : timeOf(request.until, clock.now());
  const progress = new ReplayProgress(world.progress, from, until, clock);
  const choose = await chooserOf(request, world);
  const exitCode = await untilAborted(world, () => putAll(request, { choose, from, until, progress }, world));
  const { json = !out.isTerminal } = request;
  await out.write(json ? progress.json : progress.text(request.to));
  return exitCode;
}

type Replaying = {
  readonly choose: Choose;
  readonly from: From;
  readonly until: Millis;
  readonly progress: ReplayProgress;
};

async function putAll(request: ReplayRequest, replaying: Replaying, world: CommandWorld): Promise<void> {
  const { clock, signal } = world;
  const { choose, from, until, progress } = replaying;
  const end = await openEnd(request.place, world);
  const putter = new RecordPutter(await targetOf(request, world));
  const reading = { from, end: until, follows: false, shards: undefined, pauseMs: pauseAtTip(end) };
  const pace = new Pace(request.rate, clock, signal);
  try {
    for await (const records of readMerged(new Source(end, request.stream), reading, clock, signal)) {
      for (const { read, chosen } of chooseSome(records, choose, pace.sliceRecords)) {
        await putter.put(chosen);
        progress.tell(read, putter.records, records.at(-1)!.arrival);
        await pace.keep(chosen.length);
        if (signal.aborted) return;
      }
    }
  } catch (error) {
    throw error instanceof InterruptedError ? uncertain(error, putter) : error;
  } finally {
    progress.erase();
  }
}

/** What is to be put of a record. */
type Choose = (record: ViewedRecord) => Iterable<SingleRecord>;

async function chooserOf(request: ReplayRequest, world: CommandWorld): Promise<Choose> {
  if (request.where === undefined) return (record) => [record];
  const where = whereOf(request.where);
  const decode = await decoderOf(request.decoding, world, false);
  return function* (record) {
    for (const single of deaggregated(record)) {
      for (const decoded of decode([single])) if (where.matches(decoded)) yield single;
    }
  };
}

/** So many records at a time, with how many were read for them. */
function* chooseSome(
  records: readonly ViewedRecord[],
  choose: Choose,
  most: number,
): Iterable<{ readonly read: number; readonly chosen: readonly SingleRecord[] }> {
  let chosen: SingleRecord[] = [];
  let read = 0;
  for (const record of records) {
    read++;
    for (const single of choose(record)) {
      chosen.push(single);
      if (chosen.length < most) continue;
      yield { read, chosen };
      chosen = [];
      read = 0;
    }
  }
  yield { read, chosen };
}

async function targetOf(request: ReplayRequest, world: CommandWorld): Promise<Target> {
  const end = await openEnd(request.toPlace, world);
  await requireStream(end, request.to);
  return new Target(end, request.to);
}

async function requireStream(end: KinesisEnd, stream: string): Promise<void> {
  try {
    await end.call('DescribeStreamSummary', { StreamName: stream });
  } catch (error) {
    if (!(error instanceof KinesisRefusal && error.code === 'ResourceNotFoundException')) throw error;
    throw new StartError(`there is no stream ${stream} at ${end.endpoint}: make it first`, { cause: error });
  }
}

function uncertain({ cause }: InterruptedError, putter: RecordPutter): StartError {
  const { records, atOnce } = putter;
  return new StartError(
    `${cause.message}; ${records} records were put for certain, and it is not known what became of up to ${atOnce} more`,
    { cause },
  );
}

/** Keeps to a rate, in slices of a tenth of a second. */
class Pace {
  readonly sliceRecords: number;
  readonly #rate: number | undefined;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #began: Millis;
  #records = 0;

  constructor(rate: number | undefined, clock: Clock, signal: AbortSignal) {
    this.#rate = rate;
    this.#clock = clock;
    this.#signal = signal;
    this.#began = clock.monotonic();
    this.sliceRecords = Math.min(sliceRecordsMax, Math.ceil((rate ?? Number.POSITIVE_INFINITY) / 10));
  }

  async keep(records: number): Promise<void> {
    if (this.#rate === undefined) return;
    this.#records += records;
    const due = this.#began + (this.#records / this.#rate) * 1000;
    await this.#clock.sleep(due - this.#clock.monotonic(), this.#signal);
  }
}

/** A few requests of each lane. */
const sliceRecordsMax = 4000;
