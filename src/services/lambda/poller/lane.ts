import { strict as assert } from 'node:assert';
import { Bell } from '../../../env/bell.ts';
import type { Clock, Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { payloadBytesMax } from '../functions/functions.ts';
import type { FailureRecord, MappingRecord, OpenWindow } from '../state/lambda-state.ts';
import { afterFailure, backoffMs, halvesOf, type Piece } from './attempts.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { EventWindow } from './event-writer.ts';
import { type Called, type CallSignals, type FunctionCaller, patienceMs } from './function-caller.ts';
import type { Hopeless } from './giving-up.ts';
import { LaneQueue } from './lane-queue.ts';
import type { PolledRecord } from './polled-record.ts';
import { isCut, openWindow, stateBytesMax, windowGraceMs, windowOf } from './tumbling.ts';

/** What a lane works with, and what it tells. */
export interface LaneHost {
  readonly clock: Clock;
  readonly mapping: MappingRecord;
  readonly caller: FunctionCaller;
  readonly checkpoint: Pick<Checkpoint, 'save' | 'note' | 'say' | 'add' | 'isLost'>;
  readonly signals: CallSignals;
  /** Before it nothing more of the lane comes. Infinity while that is not known. */
  readonly end: Offset;
  /** Records that arrived before it are not in the stream any more. */
  readonly horizon: Millis;
  /** The bytes of the states of all windows that are open. */
  readonly stateBytes: number;
  /** Whether there is no memory to wait for more records. */
  readonly isPressed: boolean;
  /** Whether there are no records to be read at an offset. */
  isAtTip(next: Offset): boolean;
  /** Whether more is being read for a lane that was shown all before an offset. */
  isReading(next: Offset): boolean;
  /** Whether a window would be over by itself where the lane's records end. */
  isWhole(window: OpenWindow): boolean;
  /** Asked before each call: false when others may run the shard now, and then it is stopped. */
  mayCall(): boolean;
  /** Resolves to what is to be committed when the records are passed; undefined when it was stopped. */
  giveUp(piece: Piece, why: Hopeless): Promise<FailureRecord | undefined>;
  /** They are not in the stream any more, and were not done. */
  lose(records: readonly PolledRecord[]): void;
  /** The lane has room for more. */
  roomMade(): void;
  called(records: readonly PolledRecord[], undone: number): void;
  /** The lane lets go of records, whatever became of them. */
  passed(records: readonly PolledRecord[]): void;
}

type Step =
  | { readonly kind: 'batch'; readonly records: readonly PolledRecord[] }
  | { readonly kind: 'close'; readonly isEarly: boolean }
  /** Until a time by the monotonic clock, or until the lane is woken. */
  | { readonly kind: 'rest'; readonly until: Millis }
  | { readonly kind: 'over' };

/**
 * The records of a shard whose keys hash to a lane. They are processed in order, one call after the other.
 * The mark moves when a call was answered, and not before.
 */
export class Lane {
  readonly queue: LaneQueue;
  /** What the lane was not shown yet begins there. */
  next: Offset;
  readonly #host: LaneHost;
  readonly #bell: Bell;
  /** Of the batch under way what is not done, in order. */
  #left: readonly Piece[] = [];
  #window: OpenWindow | undefined;
  /** What the last call came to that was not a success. */
  #last: Pick<Hopeless, 'error' | 'outcome'> = { error: '', outcome: undefined };
  #saved: Promise<void> = Promise.resolve();
  #turnedAt: Millis = 0;

  constructor(host: LaneHost, mark: Offset, window: OpenWindow | undefined) {
    this.#host = host;
    this.#bell = new Bell(host.clock);
    this.queue = new LaneQueue(host.mapping);
    this.next = mark;
    this.#window = window;
  }

  /** All records of the lane before it are done. */
  get mark(): Offset {
    return this.first?.offset ?? this.next;
  }

  /** The oldest record that is not done, of those that were read. */
  get first(): PolledRecord | undefined {
    return this.#left[0]?.records[0] ?? this.queue.first;
  }

  get window(): OpenWindow | undefined {
    return this.#window;
  }

  /** A record for the lane, after all others. */
  push(record: Omit<PolledRecord, 'readAt'>): void {
    this.queue.push({ ...record, readAt: this.#host.clock.monotonic() });
  }

  /** There is something to look at: records, room for them, or an end. */
  wake(): void {
    this.#bell.ring();
  }

  /** Resolves when all of the lane is done, or when it was stopped; what is done is committed then. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      const step = this.#step();
      if (step.kind === 'over') break;
      if (step.kind === 'batch') await this.#work(step.records);
      else if (step.kind === 'close') await this.#close(step.isEarly);
      else await this.#bell.wait(step.until);
    }
    await this.#saved;
  }

  get #isStopped(): boolean {
    return this.#host.signals.stopping.aborted || this.#host.checkpoint.isLost;
  }

  #step(): Step {
    const { clock, mapping, end, isPressed } = this.#host;
    const { first } = this.queue;
    const window = this.#window;
    if (window !== undefined && isCut(window, mapping.tumblingSeconds))
      return { kind: 'close', isEarly: true };
    if (first === undefined) return this.#idle(this.next >= end);
    if (window !== undefined && first.arrival >= window.end) return { kind: 'close', isEarly: false };
    const { end: windowEnd } = window ?? windowOf(first.arrival, mapping.tumblingSeconds);
    const left = windowEnd + windowGraceMs - clock.now();
    const taken = this.queue.take({
      now: clock.monotonic(),
      bytesMax: payloadBytesMax - this.#host.caller.events.envelopeBytes(window?.state),
      window,
      isLast: this.next >= end || isPressed || left <= 0,
      isGrowing: this.queue.hasRoom() && this.#host.isReading(this.next),
    });
    if (taken.kind === 'batch') return taken;
    return { kind: 'rest', until: Math.min(taken.until, clock.monotonic() + left) };
  }

  /** Nothing waits. */
  #idle(isLast: boolean): Step {
    const { clock } = this.#host;
    const window = this.#window;
    if (window === undefined) {
      return isLast ? { kind: 'over' } : { kind: 'rest', until: Number.POSITIVE_INFINITY };
    }
    if (isLast) return { kind: 'close', isEarly: !this.#host.isWhole(window) };
    if (!this.#host.isAtTip(this.next)) return { kind: 'rest', until: Number.POSITIVE_INFINITY };
    const left = window.end + windowGraceMs - clock.now();
    return left <= 0 ? { kind: 'close', isEarly: false } : { kind: 'rest', until: clock.monotonic() + left };
  }

  async #work(records: readonly PolledRecord[]): Promise<void> {
    const { mapping } = this.#host;
    assert(this.#left.length === 0);
    this.#host.roomMade();
    if (mapping.tumblingSeconds > 0)
      this.#window ??= openWindow(records[0]!.arrival, mapping.tumblingSeconds);
    this.#left = [{ records, attempts: 0, calls: 0 }];
    this.#last = { error: '', outcome: undefined };
    let refusals = 0;
    while (!this.#isStopped && (await this.#forsakeOld())) {
      const piece = this.#left[0]!;
      if (!this.#host.mayCall()) return;
      const since = this.#host.clock.monotonic();
      const called = await this.#host.caller.call(piece.records, this.#eventWindow);
      const hasWaited = this.#host.clock.monotonic() - since >= patienceMs;
      refusals = called.kind === 'refused' && !hasWaited ? refusals + 1 : 0;
      const delay = await this.#handle({ ...piece, calls: piece.calls + 1 }, called, refusals);
      await this.#letOthersWork();
      if (delay > 0) await this.#host.clock.sleep(delay, this.#host.signals.stopping);
    }
  }

  /** A function of this process, and records in memory, may leave no turn to anything else. */
  async #letOthersWork(): Promise<void> {
    const { clock } = this.#host;
    if (clock.monotonic() - this.#turnedAt < turnEveryMs) return;
    await clock.turn();
    this.#turnedAt = clock.monotonic();
  }

  /** Answers how long to wait before the next call. */
  async #handle(piece: Piece, called: Called, refusals: number): Promise<Millis> {
    switch (called.kind) {
      case 'stopped':
        return 0;
      case 'done':
        this.#host.called(piece.records, 0);
        if (!(await this.#keepState(called.state))) return 0;
        this.#host.checkpoint.note(okResult);
        await this.#pass(piece.records.length);
        return 0;
      case 'failed':
        return await this.#failed(piece, called);
      case 'refused':
        return await this.#refused({ ...piece, calls: piece.calls - 1 }, called, refusals);
    }
  }

  async #failed(piece: Piece, called: Extract<Called, { kind: 'failed' }>): Promise<Millis> {
    const { firstFailed, error, outcome } = called;
    this.#last = { error, outcome };
    this.#host.called(piece.records, piece.records.length - firstFailed);
    if (firstFailed > 0) {
      if (!(await this.#keepState(called.state))) return 0;
      this.#host.checkpoint.note(failedResult);
      await this.#pass(firstFailed);
    }
    this.#host.checkpoint.say(failedResult);
    const next = afterFailure(piece, firstFailed, this.#host.mapping);
    if (next.kind === 'give up') {
      this.#replace([next.piece]);
      await this.#giveUp(next.piece, 'RetryAttemptsExhausted');
      return 0;
    }
    this.#replace(next.pieces);
    return backoffMs(next.pieces[0]!.attempts);
  }

  async #refused(
    piece: Piece,
    { error, isTooLarge }: Extract<Called, { kind: 'refused' }>,
    refusals: number,
  ): Promise<Millis> {
    this.#last = { error, outcome: undefined };
    this.#host.checkpoint.say(`PROBLEM: ${error}`);
    if (!isTooLarge) return backoffMs(refusals);
    if (piece.records.length > 1) this.#replace(halvesOf(piece));
    else await this.#giveUp(piece, 'RetryAttemptsExhausted');
    return 0;
  }

  /** Lets go of what is not there any more, or too old. Answers whether anything is left. */
  async #forsakeOld(): Promise<boolean> {
    for (;;) {
      const piece = this.#left[0];
      if (piece === undefined || this.#isStopped) return false;
      const { records } = piece;
      const lost = countBefore(records, this.#host.horizon);
      if (lost > 0) {
        this.#host.lose(records.slice(0, lost));
        await this.#pass(lost);
        continue;
      }
      const { maximumAgeSeconds } = this.#host.mapping;
      if (maximumAgeSeconds === -1) return true;
      const old = countBefore(records, this.#host.clock.now() - maximumAgeSeconds * 1000);
      if (old === 0) return true;
      if (!(await this.#giveUp({ ...piece, records: records.slice(0, old) }, 'RecordAgeExceeded')))
        return false;
    }
  }

  /** Gives up the first records that are left. Answers whether they could be kept. */
  async #giveUp(piece: Piece, condition: Hopeless['condition']): Promise<boolean> {
    const failure = await this.#host.giveUp(piece, { condition, ...this.#last });
    if (failure === undefined) return false;
    this.#host.checkpoint.add(failure);
    await this.#pass(piece.records.length);
    return true;
  }

  #replace(pieces: readonly Piece[]): void {
    this.#left = [...pieces, ...this.#left.slice(1)];
  }

  /**
   * Moves the mark past the first records that are left. The commit of it is under way while the next call
   * is, and is awaited before that one's.
   */
  async #pass(count: number): Promise<void> {
    const [piece, ...others] = this.#left;
    const { records } = piece!;
    const rest = { ...piece!, records: records.slice(count) };
    this.#left = rest.records.length === 0 ? others : [rest, ...others];
    this.#host.passed(records.slice(0, count));
    await this.#save();
  }

  async #save(): Promise<void> {
    const before = this.#saved;
    this.#saved = this.#host.checkpoint.save();
    await before;
  }

  /**
   * Hands a state on. One that is too large ends the window early, before anything of it is committed: what
   * comes then of the window begins without a state. Answers false when it was stopped meanwhile.
   */
  async #keepState(state: string | undefined): Promise<boolean> {
    const window = this.#window;
    if (state === undefined || window === undefined) return true;
    const others = this.#host.stateBytes - Buffer.byteLength(window.state);
    if (others + Buffer.byteLength(state) <= stateBytesMax) {
      this.#window = { ...window, state };
      return true;
    }
    return await this.#callFinally({ ...window, state }, true);
  }

  async #close(isEarly: boolean): Promise<void> {
    if (await this.#callFinally(this.#window!, isEarly)) await this.#save();
  }

  /**
   * Calls the function with the last state of a window until it succeeds: meanwhile nothing goes on (Lambda
   * developer guide, "Stateful processing"). Answers false when it was stopped before. A state that makes the
   * event too large for a function is let go of.
   */
  async #callFinally(window: OpenWindow, isEarly: boolean): Promise<boolean> {
    for (let failures = 1; !this.#isStopped && this.#host.mayCall(); failures++) {
      const called = await this.#host.caller.call([], { window, isFinal: true, isEarly });
      if (called.kind === 'stopped') return false;
      if (called.kind === 'done' || (called.kind === 'refused' && called.isTooLarge)) {
        this.#window = undefined;
        return true;
      }
      this.#host.checkpoint.say(called.kind === 'failed' ? failedResult : `PROBLEM: ${called.error}`);
      await this.#host.clock.sleep(backoffMs(failures), this.#host.signals.stopping);
    }
    return false;
  }

  get #eventWindow(): EventWindow | undefined {
    return this.#window && { window: this.#window, isFinal: false, isEarly: false };
  }
}

/** How many of the first records arrived before a time. */
function countBefore(records: readonly PolledRecord[], time: Millis): number {
  let count = 0;
  while (count < records.length && records[count]!.arrival < time) count++;
  return count;
}

const turnEveryMs: Millis = 4;

/** AWS's `LastProcessingResult`. */
const okResult = 'OK';
const failedResult = 'PROBLEM: Function call failed';
