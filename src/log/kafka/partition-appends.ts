import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { KafkaError, type PartitionOf, type ProduceAnswer } from '../../env/kafka.ts';
import type { NewBatch } from '../log.ts';
import { type AppendedAt, type Mark, UnavailableError } from './client.ts';
import { verdictOf } from './produce-verdict.ts';
import { type Producer, sequenceAfter, sign } from './record-batch.ts';
import { encodeRecordBatch, recordsIn } from './record-batch-writer.ts';

/** An append, from the call to the answer. */
export type Append = {
  readonly batch: NewBatch | Mark;
  /** At most what it takes in a record batch. */
  readonly bytes: number;
  /** When its caller is told that it is not known what became of it, by the monotonic clock. */
  readonly until: Millis;
  readonly resolve: (at: AppendedAt) => void;
  readonly reject: (error: unknown) => void;
};

/** What all partitions of a producer share. */
export type Tally = { appends: number; bytes: number };

/** How an attempt ended: not even begun, without an answer, or with one. */
export type Attempt = 'not sent' | 'no answer' | ProduceAnswer;

/**
 * The appends of one partition, in the order of the calls. One record batch at a time is under way, and it is
 * sent again, with the same sequence, until a broker has said what became of it: so order holds, and a batch
 * that was stored by an attempt before answers with the offset that it has. A batch that all callers gave up
 * is let go. When it may be there, the next one is of a later epoch of the producer: brokers that have met
 * the later one store nothing of an earlier one any more.
 */
export class PartitionAppends {
  readonly of: PartitionOf;
  readonly #tally: Tally;
  #waiting: Append[] = [];
  #batch: RecordBatchUnderWay | undefined;
  #producer: Producer | undefined;
  /** The id of the producer before: it does not begin again. */
  #former: bigint | undefined;
  /** Of the append that was called last. */
  latest: Promise<AppendedAt> | undefined;
  /** When something was appended last, by the monotonic clock. */
  usedAt: Millis = 0;
  /** Attempts that failed since one did not. */
  failures = 0;
  /** Somebody sees to it that something is sent, or that an answer comes. */
  isSeenTo = false;

  constructor(of: PartitionOf, tally: Tally) {
    this.of = of;
    this.#tally = tally;
  }

  get isEmpty(): boolean {
    return this.#batch === undefined && this.#waiting.length === 0;
  }

  /** The producer whose sequences the partition's batches have, undefined when they need a new one. */
  get producer(): Producer | undefined {
    return this.#producer;
  }

  /** From now on batches are of another producer, which never sent anything to this partition. */
  begin({ id, epoch }: { readonly id: bigint; readonly epoch: number }): void {
    assert(id !== this.#former);
    this.#producer = { id, epoch, sequence: 0 };
    this.#former = id;
  }

  /** The producer id that must not begin here again, if there is one. */
  get former(): bigint | undefined {
    return this.#former;
  }

  add(append: Append, promise: Promise<AppendedAt>): void {
    this.latest = promise;
    this.#tally.appends += 1;
    this.#tally.bytes += append.bytes;
    this.#waiting.push(append);
  }

  /**
   * The record batch to be sent: the one before while its fate is not known, else a new one, of several
   * appends while they have no more than so many bytes. Undefined when nothing is left to be sent.
   */
  nextBatch(time: Millis, bytesMax: number, crc32c: (bytes: Uint8Array) => number): Buffer | undefined {
    if (this.#batch === undefined) {
      const appends = this.#take(bytesMax);
      if (appends.length === 0) return undefined;
      this.#batch = underWay(appends, time);
    }
    const batch = this.#batch;
    if (batch.signedBy !== this.#producer) {
      sign(batch.bytes, this.#producer!, crc32c);
      batch.signedBy = this.#producer;
    }
    return batch.bytes;
  }

  /** Takes in how an attempt to send the batch ended. True when there is no reason to pause. */
  attempted(attempt: Attempt): boolean {
    const batch = this.#batch;
    assert(batch !== undefined);
    const isDone = this.#judge(batch, attempt);
    if (isDone) this.#batch = undefined;
    else if (batch.told === batch.appends.length) this.#letGo();
    this.failures = isDone ? 0 : this.failures + 1;
    return isDone;
  }

  /** Tells callers whose time is over. What is under way goes on. */
  expire(now: Millis): void {
    const batch = this.#batch;
    while (
      batch !== undefined &&
      batch.told < batch.appends.length &&
      batch.appends[batch.told]!.until <= now
    ) {
      const unknown = `It is not known whether ${nameOf(this.of)} has what was appended.`;
      this.#reject(batch.appends[batch.told++]!, new UnavailableError(unknown));
    }
    if (this.#waiting.length === 0 || this.#waiting[0]!.until > now) return;
    const left = this.#waiting.findIndex(({ until }) => until > now);
    const unsent = new UnavailableError(`No broker takes what is to be appended to ${nameOf(this.of)}.`);
    for (const append of this.#waiting.splice(0, left === -1 ? this.#waiting.length : left)) {
      this.#reject(append, unsent);
    }
  }

  /** Nothing is sent any more: all callers are told why. */
  fail(error: unknown): void {
    const batch = this.#batch;
    if (batch !== undefined) {
      for (const append of batch.appends.slice(batch.told)) this.#reject(append, error);
      this.#letGo();
    }
    for (const append of this.#waiting.splice(0)) this.#reject(append, error);
  }

  /** A broker refuses the request in which the batch was, for a reason that stays. */
  refused(error: KafkaError): void {
    assert(this.#batch !== undefined);
    this.#failBatch(this.#batch, error);
    this.#batch = undefined;
  }

  /** Lets go of a batch that all callers gave up, if there is one. It is not being sent. */
  giveUp(): void {
    if (this.#batch !== undefined && this.#batch.told === this.#batch.appends.length) this.#letGo();
  }

  /** True when the batch needs no other attempt. */
  #judge(batch: RecordBatchUnderWay, attempt: Attempt): boolean {
    if (attempt === 'not sent') return false;
    if (attempt === 'no answer') {
      batch.mayBeThere = true;
      return false;
    }
    switch (verdictOf(attempt.error, attempt.first)) {
      case 'stored':
        this.#succeed(batch, attempt);
        return true;
      case 'unsure':
        batch.mayBeThere = true;
        return false;
      case 'refused':
        return false;
      case 'elsewhere':
        batch.mayBeThere = true;
        return this.#failBatch(batch, this.#refusal(batch, attempt));
      case 'out of sequence':
        if (batch.mayBeThere) return this.#failBatch(batch, this.#refusal(batch, attempt));
        this.#beginEpoch();
        return false;
      case 'other producer':
        if (batch.mayBeThere) return this.#failBatch(batch, this.#refusal(batch, attempt));
        this.#producer = undefined;
        return false;
      case 'too large':
        if (batch.mayBeThere || batch.appends.length === 1)
          return this.#failBatch(batch, this.#refusal(batch, attempt));
        this.#split(batch);
        return false;
      case 'final':
        return this.#failBatch(batch, this.#refusal(batch, attempt));
    }
  }

  #succeed(batch: RecordBatchUnderWay, { first, appendedAt }: ProduceAnswer): void {
    const arrival = appendedAt < 0 ? batch.time : appendedAt;
    let offset = first;
    batch.appends.forEach((append, index) => {
      if (index >= batch.told) {
        this.#count(append);
        append.resolve({ first: offset, arrival });
      }
      offset += recordsIn(append.batch);
    });
    const { id, epoch, sequence } = this.#producer!;
    this.#producer = { id, epoch, sequence: sequenceAfter(sequence, batch.count) };
  }

  /** It is not sent again: nothing was stored, or nobody knows. */
  #failBatch(batch: RecordBatchUnderWay, error: KafkaError): true {
    const cause = batch.mayBeThere ? new UnavailableError(error.message, { cause: error }) : error;
    for (const append of batch.appends.slice(batch.told)) this.#reject(append, cause);
    if (batch.mayBeThere) this.#beginEpoch();
    return true;
  }

  #refusal({ bytes }: RecordBatchUnderWay, { error }: ProduceAnswer): KafkaError {
    const text = `Kafka's error ${error} for ${bytes.length} bytes of records to ${nameOf(this.of)}.`;
    return new KafkaError(error, text);
  }

  #letGo(): void {
    if (this.#batch?.mayBeThere) this.#beginEpoch();
    this.#batch = undefined;
  }

  /**
   * What is sent from now on is told from what was sent before. Without a transactional id the epoch is the
   * producer's own affair (KIP-360), and brokers keep it by partition.
   */
  #beginEpoch(): void {
    if (this.#producer === undefined) return;
    const { id, epoch } = this.#producer;
    this.#producer = epoch < epochMax ? { id, epoch: epoch + 1, sequence: 0 } : undefined;
  }

  /** The first half of the batch is the batch, the other half waits. */
  #split(batch: RecordBatchUnderWay): void {
    const left = batch.appends.slice(batch.told);
    const half = Math.ceil(left.length / 2);
    this.#waiting = [...left.slice(half), ...this.#waiting];
    this.#batch = half === 0 ? undefined : underWay(left.slice(0, half), batch.time);
  }

  #take(bytesMax: number): Append[] {
    let bytes = 0;
    const cut = this.#waiting.findIndex((append, index) => {
      bytes += append.bytes;
      return bytes > bytesMax && index > 0;
    });
    return this.#waiting.splice(0, cut === -1 ? this.#waiting.length : cut);
  }

  #reject(append: Append, error: unknown): void {
    this.#count(append);
    append.reject(error);
  }

  #count({ bytes }: Append): void {
    this.#tally.appends -= 1;
    this.#tally.bytes -= bytes;
  }
}

type RecordBatchUnderWay = {
  readonly appends: readonly Append[];
  /** How many offsets it takes. */
  readonly count: number;
  readonly time: Millis;
  readonly bytes: Buffer;
  signedBy: Producer | undefined;
  /** An attempt may have stored it. */
  mayBeThere: boolean;
  /** How many callers, from the first on, were told that its fate is not known. */
  told: number;
};

function underWay(appends: readonly Append[], time: Millis): RecordBatchUnderWay {
  const batches = appends.map(({ batch }) => batch);
  const count = batches.reduce((sum, batch) => sum + recordsIn(batch), 0);
  const bytes = encodeRecordBatch(batches, time);
  return { appends, count, time, bytes, signedBy: undefined, mayBeThere: false, told: 0 };
}

function nameOf({ topic, partition }: PartitionOf): string {
  return `partition ${partition} of topic ${topic}`;
}

/** An i16. */
const epochMax = 2 ** 15 - 1;
