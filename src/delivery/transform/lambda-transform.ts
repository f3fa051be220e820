import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { type Random, uuid } from '../../env/random.ts';
import type { DeliverySpec, LambdaStage } from '../delivery-spec.ts';
import type { TransformFunctions } from '../delivery-world.ts';
import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';
import { functionError, readTransformAnswer, type Transformed, unreadable } from './transform-answer.ts';
import { eventRecordBytes, transformEvent } from './transform-event.ts';

export type TransformWorld = {
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  readonly random: Random;
  readonly functions: TransformFunctions;
};

/** What a function made of records. */
export type TransformedRecords = {
  readonly kept: readonly DeliveredRecord[];
  readonly refused: readonly RefusedRecord[];
  readonly dropped: number;
  readonly calls: readonly TransformCall[];
};

/** An invocation, with all its attempts: for metrics. */
export type TransformCall = { readonly ms: Millis; readonly isSuccess: boolean };

/** Records that a function has, or is to have next. */
class Batch {
  readonly records: DeliveredRecord[] = [];
  bytes = 0;
  /** What they take in an event, at most. */
  eventBytes = 0;
  /** Aborted when it goes to the function. */
  readonly begun = new AbortController();
  transformed: Promise<TransformedRecords> | undefined;
  isSettled = false;

  add(record: DeliveredRecord): void {
    this.records.push(record);
    this.bytes += record.data.length;
    this.eventBytes += eventBytesOf(record);
  }
}

/**
 * Has a function transform records, a batch at a time, as many as it is to have or those of as long as it is
 * to be waited for; some batches at once, whose answers are taken in the order of the records. One that fails
 * is invoked again, with the same records; in the end they are refused. What it does with single records is
 * theirs.
 */
export class LambdaTransform {
  readonly #world: TransformWorld;
  readonly #spec: DeliverySpec;
  readonly #stage: LambdaStage;
  readonly #signal: AbortSignal;
  #waiting = new Batch();
  readonly #underWay: Batch[] = [];

  constructor(world: TransformWorld, spec: DeliverySpec, stage: LambdaStage, signal: AbortSignal) {
    this.#world = world;
    this.#spec = spec;
    this.#stage = stage;
    this.#signal = signal;
  }

  get heldBytes(): number {
    return this.#waiting.eventBytes + this.#underWayBytes;
  }

  /** Answers what was transformed of these and earlier ones; the rest comes later. */
  async add(records: readonly DeliveredRecord[]): Promise<TransformedRecords> {
    const done: TransformedRecords[] = [];
    for (const record of records) {
      if (this.#isFullWith(record)) {
        while (this.#isBusy) done.push(await this.#next());
        this.#begin();
      }
      if (this.#waiting.records.length === 0) detached(this.#beginLater(this.#waiting), unthinkable);
      this.#waiting.add(record);
    }
    while (this.#underWay[0]?.isSettled) done.push(await this.#next());
    return together(done);
  }

  /** The rest. */
  async finish(): Promise<TransformedRecords> {
    this.#begin();
    const done: TransformedRecords[] = [];
    while (this.#underWay.length > 0) done.push(await this.#next());
    return together(done);
  }

  #isFullWith(record: DeliveredRecord): boolean {
    const { records, bytes, eventBytes } = this.#waiting;
    const isFull =
      bytes + record.data.length > this.#stage.buffering.bytes ||
      eventBytes + eventBytesOf(record) > payloadBytesMax;
    return records.length > 0 && isFull;
  }

  get #isBusy(): boolean {
    const bytes = this.#underWayBytes + this.#waiting.eventBytes;
    const hasMost = this.#underWay.length >= invocationsMax || bytes > underWayBytesMax;
    return hasMost && this.#underWay.length > 0;
  }

  get #underWayBytes(): number {
    return this.#underWay.reduce((sum, { eventBytes }) => sum + eventBytes, 0);
  }

  /** Has the function have what waits, if anything does. */
  #begin(): void {
    const batch = this.#waiting;
    if (batch.records.length === 0) return;
    this.#waiting = new Batch();
    batch.begun.abort(null);
    batch.transformed = this.#transform(batch.records);
    const settled = () => {
      batch.isSettled = true;
    };
    // Whoever takes the answers hears what was wrong.
    detached(batch.transformed.then(settled), settled);
    this.#underWay.push(batch);
  }

  async #beginLater(batch: Batch): Promise<void> {
    await this.#world.clock.sleep(
      this.#stage.buffering.ms,
      AbortSignal.any([batch.begun.signal, this.#signal]),
    );
    const isStill = batch === this.#waiting && !this.#signal.aborted;
    // While the function has as much as it may, the answers are taken first.
    if (isStill && !this.#isBusy) this.#begin();
  }

  async #next(): Promise<TransformedRecords> {
    const transformed = await this.#underWay[0]!.transformed!;
    this.#underWay.shift();
    return transformed;
  }

  async #transform(records: readonly DeliveredRecord[]): Promise<TransformedRecords> {
    const { clock } = this.#world;
    const began = clock.monotonic();
    let failure = functionError;
    for (let attempt = 0; attempt <= this.#stage.retries; attempt++) {
      if (attempt > 0) await clock.sleep(againMs * 2 ** (attempt - 1), this.#signal);
      const answer = await this.#invoke(records);
      if (Array.isArray(answer)) {
        const call = { ms: clock.monotonic() - began, isSuccess: true };
        return this.#sorted(records, answer, { attempts: attempt + 1, call });
      }
      failure = answer as typeof functionError;
    }
    const all = records.map((): Transformed => ({ kind: 'refused', ...failure }));
    const call = { ms: clock.monotonic() - began, isSuccess: false };
    return this.#sorted(records, all, { attempts: this.#stage.retries + 1, call });
  }

  /** What became of each record, or why it is to be invoked again. Rejects with the signal's reason. */
  async #invoke(
    records: readonly DeliveredRecord[],
  ): Promise<readonly Transformed[] | { readonly code: string; readonly message: string }> {
    const { functions, random } = this.#world;
    const { functionArn, role } = this.#stage;
    const event = transformEvent(this.#spec, uuid(random), records);
    const answer = await functions.invoke(functionArn, role, event, this.#signal);
    if (answer.kind === 'failed') return failureOf(answer.code, answer.message);
    if (answer.payload.length > payloadBytesMax) return functionError;
    const answered = readTransformAnswer(Buffer.from(answer.payload), records);
    return answered ?? records.map((): Transformed => ({ kind: 'refused', ...unreadable }));
  }

  #sorted(
    records: readonly DeliveredRecord[],
    answers: readonly Transformed[],
    { attempts, call }: { readonly attempts: number; readonly call: TransformCall },
  ): TransformedRecords {
    const kept: DeliveredRecord[] = [];
    const refused: RefusedRecord[] = [];
    const attemptEndedAt = this.#world.clock.now();
    for (const [index, answer] of answers.entries()) {
      const record = records[index]!;
      if (answer.kind === 'kept') kept.push(answer.record);
      if (answer.kind !== 'refused') continue;
      const { code, message } = answer;
      const lambdaArn = this.#stage.functionArn;
      refused.push({ record, kind: 'processing-failed', code, message, attempts, attemptEndedAt, lambdaArn });
    }
    const dropped = records.length - kept.length - refused.length;
    return { kept, refused, dropped, calls: [call] };
  }
}

function together(all: readonly TransformedRecords[]): TransformedRecords {
  return {
    kept: all.flatMap(({ kept }) => kept),
    refused: all.flatMap(({ refused }) => refused),
    dropped: all.reduce((sum, { dropped }) => sum + dropped, 0),
    calls: all.flatMap(({ calls }) => calls),
  };
}

function eventBytesOf({ data }: DeliveredRecord): number {
  return eventRecordBytes + Math.ceil(data.length / 3) * 4;
}

/** Codes of Firehose for errors of Lambda (Data Firehose developer guide, "Lambda invocation errors"). */
function failureOf(code: string, message: string): { readonly code: string; readonly message: string } {
  const known = failures[code];
  return known === undefined ? { code: `Lambda.${code}`, message } : known;
}

const failures: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  FunctionError: functionError,
  Unhandled: functionError,
  Handled: functionError,
  TooManyRequestsException: {
    code: 'Lambda.InvokeLimitExceeded',
    message: 'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
  },
  ResourceNotFoundException: {
    code: 'Lambda.ResourceNotFound',
    message: 'The specified Lambda function does not exist. Use a different function that does exist.',
  },
  AssumeRoleAccessDenied: {
    code: 'Lambda.AssumeRoleAccessDenied',
    message: 'Access was denied. Ensure that the trust policy allows Firehose to assume the role.',
  },
  AccessDeniedException: {
    code: 'Lambda.InvokeAccessDenied',
    message: 'Access was denied. Ensure that the access policy allows access to the Lambda function.',
  },
};

/** Of a request and of an answer (Lambda quotas: 6 MB). */
const payloadBytesMax = 6 * 1024 * 1024;

/** Invocations of one chunk at a time, and what they have together, if it is more than one. */
const invocationsMax = 8;
const underWayBytesMax = 16 * 1024 * 1024;

const againMs: Millis = 1_000;
