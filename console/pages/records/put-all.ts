import type { NewRecord, Unusable } from './produce-input.ts';

/**
 * What became of records that were to be put. All that were read are one of put, refused, unusable or
 * waiting.
 */
export type PutProgress = {
  readonly read: number;
  readonly put: number;
  readonly bytes: number;
  /** Times that a record was sent again because its shard was over its limits, or the server said to. */
  readonly retried: number;
  /** Records given up: the server refused them, or the last attempt failed. */
  readonly refused: number;
  readonly unusable: number;
  /** Why records were not put, with how many of each. */
  readonly reasons: ReadonlyMap<string, number>;
};

export type PutRecordsAnswer = {
  readonly Records: readonly {
    readonly ErrorCode?: string | undefined;
    readonly ErrorMessage?: string | undefined;
    readonly ShardId?: string | undefined;
    readonly SequenceNumber?: string | undefined;
  }[];
};

export type Putting = {
  readonly put: (records: readonly PutRecordsEntry[]) => Promise<PutRecordsAnswer>;
  /** Whether a failure of a whole call is worth another try. */
  readonly canRetry: (error: unknown) => boolean;
  readonly reasonOf: (error: unknown) => string;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PutProgress) => void;
  /** Records a second at most; undefined for as fast as it goes. */
  readonly rate?: number | undefined;
};

export type PutRecordsEntry = {
  readonly PartitionKey: string;
  readonly Data: string;
  readonly ExplicitHashKey?: string;
};

/**
 * Puts records one batch after the other, so that those of a key stay in their order as far as PutRecords
 * keeps it: what fails alone in a batch is sent again before the next one, and records that a shard's limit
 * refuses are sent until it takes them. Resolves with what became of all, also when it is cancelled.
 */
export async function putAll(
  records: AsyncIterable<NewRecord | Unusable>,
  putting: Putting,
): Promise<PutProgress> {
  const tally = new Tally();
  const started = putting.now();
  const batchMax =
    putting.rate === undefined ? recordsMax : Math.min(recordsMax, Math.ceil(putting.rate / 10));
  let batch: NewRecord[] = [];
  let size = 0;
  const flush = async () => {
    if (batch.length > 0) await putBatch(batch, tally, putting);
    batch = [];
    size = 0;
    putting.onProgress(tally.progress);
    if (putting.rate !== undefined) {
      await putting.pause(Math.max(0, started + (tally.read / putting.rate) * 1000 - putting.now()));
    }
  };
  for await (const record of records) {
    if (putting.signal.aborted) break;
    tally.read++;
    if ('unusable' in record) {
      tally.unusable(record.unusable);
      continue;
    }
    const recordSize = sizeOf(record);
    if (batch.length > 0 && size + recordSize > bytesMax) await flush();
    batch.push(record);
    size += recordSize;
    if (batch.length >= batchMax) await flush();
  }
  if (!putting.signal.aborted) await flush();
  putting.onProgress(tally.progress);
  return tally.progress;
}

/** Of one PutRecords (API reference): 500 records; of its 10 MiB half, so that progress is seen. */
const recordsMax = 500;
const bytesMax = 5 * 1024 * 1024;
/** Of a record, or a call, that fails for other reasons than a limit. */
const attemptsMax = 8;
const pauseMaxMs = 2000;

async function putBatch(batch: readonly NewRecord[], tally: Tally, putting: Putting): Promise<void> {
  let waiting = batch;
  for (let attempt = 1; waiting.length > 0 && !putting.signal.aborted; attempt++) {
    waiting = await putOnce(waiting, attempt, tally, putting);
    if (waiting.length === 0) return;
    tally.retried += waiting.length;
    putting.onProgress(tally.progress);
    await putting.pause(Math.min(pauseMaxMs, 50 * 2 ** (attempt - 1)));
  }
}

/** Answers the records that are to be sent again. */
async function putOnce(
  records: readonly NewRecord[],
  attempt: number,
  tally: Tally,
  putting: Putting,
): Promise<NewRecord[]> {
  const isLast = attempt >= attemptsMax;
  let answer: PutRecordsAnswer;
  try {
    answer = await putting.put(records.map(entryOf));
  } catch (error) {
    if (putting.signal.aborted) return [];
    if (putting.canRetry(error) && !isLast) return [...records];
    tally.refused(putting.reasonOf(error), records.length);
    return [];
  }
  return records.filter((record, index) => {
    const { ErrorCode, ErrorMessage } = answer.Records[index]!;
    if (ErrorCode === undefined || ErrorCode === null) {
      tally.put++;
      tally.bytes += sizeOf(record);
      return false;
    }
    if (ErrorCode === 'ProvisionedThroughputExceededException' || !isLast) return true;
    tally.refused(`${ErrorCode}: ${ErrorMessage ?? ''}`, 1);
    return false;
  });
}

function entryOf({ partitionKey, data, explicitHashKey }: NewRecord): PutRecordsEntry {
  const entry = { PartitionKey: partitionKey, Data: data };
  return explicitHashKey === undefined ? entry : { ...entry, ExplicitHashKey: explicitHashKey };
}

/** Bytes of the data, and of the key as if it were ASCII; base64 has four characters for three bytes. */
function sizeOf({ data, partitionKey }: NewRecord): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return (data.length / 4) * 3 - padding + partitionKey.length;
}

class Tally {
  read = 0;
  put = 0;
  bytes = 0;
  retried = 0;
  #refused = 0;
  #unusable = 0;
  readonly #reasons = new Map<string, number>();

  get progress(): PutProgress {
    const { read, put, bytes, retried } = this;
    const reasons = new Map(this.#reasons);
    return { read, put, bytes, retried, refused: this.#refused, unusable: this.#unusable, reasons };
  }

  refused(reason: string, count: number): void {
    this.#refused += count;
    this.#note(reason, count);
  }

  unusable(reason: string): void {
    this.#unusable++;
    this.#note(reason, 1);
  }

  /** Reasons that name what is different in each record would be as many as the records. */
  #note(reason: string, count: number): void {
    const noted = this.#reasons.has(reason) || this.#reasons.size < reasonsMax ? reason : '…';
    this.#reasons.set(noted, (this.#reasons.get(noted) ?? 0) + count);
  }
}

const reasonsMax = 10;
