import { strict as assert } from 'node:assert';
import type { Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import { encodeBatch, type Offset } from '../kinesis/record.ts';
import { Condition } from '../log/condition.ts';
import { DamagedError, OverloadedError, UnavailableError } from '../log/log.ts';
import type { JournalLog } from './journal-log.ts';
import { LateTrim } from './late-trim.ts';
import { Outcomes, untilKnown } from './outcomes.ts';
import { Replay } from './replay.ts';
import { type Revision, recordOf, type Snapshot } from './revision.ts';
import { type Decide, decideRound, type Round, type Waiting } from './round.ts';
import { SharedReads } from './shared-reads.ts';
import type { AnyEdit, StateMachine, Versioned } from './state-machine.ts';

/** A state that is replayed from a log, which several writers may share. */
export interface Journal<State, Edit> {
  /** The state after the last commit that was read or made here. Read it again after every await. */
  readonly state: State;
  /**
   * The state with everything in it that any writer had committed when this was called. Callers share reads.
   * Rejects with `NewerFormatError` or `DamagedError` when the log cannot be understood, and with
   * `UnavailableError` when it does not answer.
   */
  current(): Promise<State>;
  /**
   * Appends the edits that `decide` answers for the state as it is then, and resolves to the state after
   * them once they are durable and applied. When another writer's commit came first, it is decided again.
   * Rejects with what `decide` throws, once all is durable that it was thrown for, with what the state
   * machine throws when the state has no room for the edits, with `OverloadedError` when too many wait
   * already, and with the system's error when the edits could not be written: then nothing has happened.
   * Rejects with `UnknownOutcomeError`, and only then they may be made, or be made yet, where there are other
   * writers: when the log does not answer for long, or what became of them was forgotten before it was read.
   */
  commit(decide: Decide<State, Edit>): Promise<State>;
  /** Resolves when the state has changed, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

/** A journal that followers keep in step with. */
export interface FollowedJournal<State, Edit> extends Journal<State, Edit> {
  /** Has a follower told of each revision from now on, in order, right before `state` shows it. */
  follow(follower: Follower<Edit>): void;
  /** What a follower begins with. */
  snapshot(): Snapshot<Edit>;
  /** All records of the log before it were read. */
  readonly next: Offset;
  /**
   * Makes the next version of the edits that `decide` answers, and keeps nothing of what the log held before,
   * so that what they replace can be read nowhere any more; without edits, nothing that an earlier rewrite
   * should have let go of: a crash may have come between the two. For a start: nothing else may commit
   * through this journal meanwhile. Rejects as `commit` does.
   */
  rewrite(decide: Decide<State, Edit>): Promise<void>;
}

type Follower<Edit> = (revision: Revision<Edit>) => void;

/**
 * Replays the log. There is no other way in. Commits of `snapshotEveryBytes` are followed by a snapshot, so
 * that a start replays little more than the state's own size; a log that is restated may be that much longer
 * than a few times the state. `turn` lets others work between rounds that are full. Rejects as `current`
 * does.
 */
export async function openJournal<State extends Versioned, Edit extends AnyEdit>(
  machine: StateMachine<State, Edit>,
  log: JournalLog,
  snapshotEveryBytes = 1024 * 1024,
  turn: () => Promise<void> = async () => {},
): Promise<FollowedJournal<State, Edit>> {
  const journal = new LogJournal(machine, log, snapshotEveryBytes, turn);
  await journal.current();
  return journal;
}

/** Each fails only when others trim the log while it is read. */
const beginningsMax = 8;

/** No more commits than this wait: a server whose disk stands still is to say so. */
export const waitingMax = 10_000;

class LogJournal<State extends Versioned, Edit extends AnyEdit> implements FollowedJournal<State, Edit> {
  readonly #machine: StateMachine<State, Edit>;
  readonly #log: JournalLog;
  readonly #snapshotEveryBytes: number;
  readonly #turn: () => Promise<void>;
  readonly #waiting: Waiting<State, Edit>[] = [];
  readonly #change = new Condition();
  readonly #followers: Follower<Edit>[] = [];
  readonly #reads = new SharedReads(() => this.#bringUpToDate());
  readonly #outcomes: Outcomes;
  readonly #past: LateTrim;
  #replay: Replay<State, Edit>;
  /** A snapshot that came too late is not tried again at once. */
  #cutAtBytes = 0;
  #isCommitting = false;
  /** Whether the latest round was full before all had decided. */
  #hasLeft = false;

  constructor(
    machine: StateMachine<State, Edit>,
    log: JournalLog,
    snapshotEveryBytes: number,
    turn: () => Promise<void>,
  ) {
    this.#turn = turn;
    this.#machine = machine;
    this.#log = log;
    this.#snapshotEveryBytes = snapshotEveryBytes;
    this.#replay = new Replay(machine, snapshotEveryBytes);
    this.#outcomes = new Outcomes(log.writer);
    this.#past = new LateTrim(log);
  }

  get state(): State {
    return this.#replay.state;
  }

  get next(): Offset {
    return this.#replay.next;
  }

  async current(): Promise<State> {
    await this.#reads.next();
    return this.state;
  }

  commit(decide: Decide<State, Edit>): Promise<State> {
    return new Promise((resolve, reject) => {
      const { failure } = this.#replay;
      if (failure !== undefined) return reject(failure);
      if (this.#waiting.length >= waitingMax) {
        return reject(new OverloadedError(`More than ${waitingMax} commits wait.`));
      }
      this.#waiting.push({ decide, resolve, reject });
      // If it failed, what is durable by then would not show, and later commits would wait for ever.
      if (!this.#isCommitting) detached(this.#commitAll(), unthinkable);
    });
  }

  changed(signal: AbortSignal): Promise<void> {
    const { version } = this.state;
    return this.#change.until(() => this.state.version !== version, signal);
  }

  follow(follower: Follower<Edit>): void {
    this.#followers.push(follower);
  }

  snapshot(): Snapshot<Edit> {
    return { version: this.state.version, edits: this.#machine.snapshot(this.state) };
  }

  async rewrite(decide: Decide<State, Edit>): Promise<void> {
    assert(!this.#isCommitting);
    this.#isCommitting = true;
    try {
      while (!(await this.#rewritten(decide(this.state))));
    } finally {
      this.#outcomes.end();
      this.#isCommitting = false;
    }
    if (this.#waiting.length > 0) detached(this.#commitAll(), unthinkable);
    // Where one is alone all that has the whole state may be what an earlier rewrite left.
    const before = this.#outcomes.isShared ? this.#replay.rewrittenAt : this.#replay.wholeAt;
    await this.#log.trim(before);
  }

  /**
   * One record, which is both: a log never holds the edits and not yet the snapshot, or the other way.
   * Answers whether it became the next version.
   */
  async #rewritten(edits: readonly Edit[]): Promise<boolean> {
    if (edits.length === 0) return true;
    const after = this.state.version;
    const draft = this.#machine.draft(this.state);
    for (const edit of edits) draft.apply(edit, this.next);
    const state = draft.finish(after + 1);
    const whole = { version: after + 1, edits: this.#machine.snapshot(state) };
    return await this.#make(this.#outcomes.isShared ? { after, ...whole } : whole, after, () => state);
  }

  async #bringUpToDate(): Promise<void> {
    const { version } = this.state;
    try {
      await this.#replay.readOn(this.#log, (taken) => {
        this.#outcomes.read(taken);
        this.#tell(taken.applied);
      });
    } finally {
      if (this.state.version !== version) this.#change.announce();
    }
    if (!this.#replay.isWhole && this.#machine.restating !== undefined) await this.#beginAnew();
    const { isWhole, known, state } = this.#replay;
    if (isWhole) return;
    throw new DamagedError(
      `the journal of the ${this.#machine.name} has nothing between the versions ${state.version} and ${known}`,
    );
  }

  /**
   * What would have come next was trimmed by another writer: where a log that is restated begins now, it says
   * everything. It may be trimmed again meanwhile.
   */
  async #beginAnew(): Promise<void> {
    for (let attempt = 0; attempt < beginningsMax; attempt++) {
      const anew = new Replay(this.#machine, this.#snapshotEveryBytes);
      const outcomes = new Outcomes(undefined);
      outcomes.begin();
      await anew.readOn(this.#log, (taken) => outcomes.read(taken));
      if (!anew.isWhole || anew.next < this.next) continue;
      this.#outcomes.readAnew(outcomes);
      const { version } = anew.state;
      if (this.#followers.length > 0) this.#tell([{ version, edits: this.#machine.snapshot(anew.state) }]);
      this.#replay = anew;
      this.#change.announce();
      return;
    }
  }

  #tell(applied: readonly Revision<Edit>[]): void {
    for (const revision of applied) for (const follower of this.#followers) follower(revision);
  }

  /** Rounds follow one another, and what arrives during one shares the next. */
  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      await this.#round(this.#waiting.splice(0));
      // A round that wrote nothing has not let anything else happen either.
      if (this.#hasLeft) await this.#turn();
    }
    this.#outcomes.end();
    this.#isCommitting = false;
  }

  async #round(requests: readonly Waiting<State, Edit>[]): Promise<void> {
    const restated = this.#replay.restater?.due(this.state) ?? [];
    const round = decideRound(this.#machine, { state: this.state, restated, at: this.next }, requests);
    const { accepted, refused, left } = round;
    this.#waiting.unshift(...left);
    this.#hasLeft = left.length > 0;
    const again = refused.map(({ request }) => request);
    try {
      if (!(await this.#write(round))) {
        this.#waiting.unshift(...accepted, ...again);
        return;
      }
    } catch (error) {
      for (const { reject } of accepted) reject(error);
      this.#waiting.unshift(...again);
      return;
    }
    for (const { resolve } of accepted) resolve(this.state);
    for (const { request, error } of refused) request.reject(error);
  }

  /** Answers whether the round became the next version: false when another commit came first. */
  async #write({ edits, draft }: Round<State, Edit>): Promise<boolean> {
    if (edits.length === 0) return true;
    const after = this.state.version;
    await this.#forget();
    return await this.#make({ after, edits }, after, () => draft.finish(after + 1));
  }

  /**
   * Writes what makes the next version of `after`. Answers whether it did: it may be read before it is known
   * where it is, it may be there twice, and another may have come first.
   */
  async #make(revision: Revision<Edit>, after: number, stateAfter: () => State): Promise<boolean> {
    const data = recordOf(this.#machine, revision);
    const id = this.#outcomes.begin();
    const written = await this.#appendOrAsk(data, id, after);
    if (written === undefined) return this.#outcomes.settled(id!);
    const record = { ...written, bytes: data.length, revision, after, stateAfter };
    // When all before it was read, nothing has to be read now, not even this.
    const made = this.#replay.made(record, () => this.#tell([revision]));
    if (made === true) this.#change.announce();
    return made ?? (await this.#readBack(id ?? written.first));
  }

  /**
   * Answers where the record is, or undefined once the version was made that it would have made. Nobody may
   * know of an append whether it was carried out, or still will be; but the record counts at most once, and
   * not after another one: so it can be written again, and reading on tells.
   */
  #appendOrAsk(data: Buffer, id: string | undefined, after: number): Promise<Written | undefined> {
    if (id === undefined) return this.#append(data, id);
    const isHopeless = (error: unknown, attempt: number) =>
      this.#replay.failure !== undefined || (attempt === 0 && !(error instanceof UnavailableError));
    return untilKnown(async (attempt) => {
      if (attempt > 0) await this.#reads.next();
      const isDecided = this.state.version !== after || this.#outcomes.of(id) !== undefined;
      return attempt > 0 && isDecided ? undefined : await this.#append(data, id);
    }, isHopeless);
  }

  /** The record is there, behind others: whether it counted is known once they are read. */
  #readBack(record: string | Offset): Promise<boolean> {
    const isHopeless = (error: unknown) => !(error instanceof UnavailableError);
    return untilKnown(async () => {
      await this.#reads.next();
      return this.#outcomes.settled(record);
    }, isHopeless);
  }

  /** Before a round: lets go of what the log need not hold any more. */
  async #forget(): Promise<void> {
    const { restater, bytesSinceWhole, lastArrival } = this.#replay;
    if (restater === undefined) {
      if (bytesSinceWhole < this.#snapshotEveryBytes) this.#cutAtBytes = 0;
      else if (bytesSinceWhole >= this.#cutAtBytes) await this.#cut();
      return;
    }
    const before = restater.trimmable(this.state);
    if (before !== undefined) await this.#past.to(before, lastArrival);
  }

  /**
   * Has a snapshot written, and removes what the log held before the latest record that has it all: the
   * snapshot, unless a commit came before it that it does not have. One of which nobody knows whether it was
   * written may turn up: it says nothing new.
   */
  async #cut(): Promise<void> {
    const { state } = this;
    const revision = this.snapshot();
    const data = recordOf(this.#machine, revision);
    try {
      const made = { bytes: data.length, revision, after: revision.version, stateAfter: () => state };
      const record = { ...made, ...(await this.#append(data, undefined)) };
      if (this.#replay.made(record, () => undefined) === undefined) await this.#reads.next();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
    const { bytesSinceWhole, wholeAt, lastArrival } = this.#replay;
    this.#cutAtBytes = bytesSinceWhole + this.#snapshotEveryBytes;
    if (bytesSinceWhole < this.#snapshotEveryBytes) await this.#past.to(wholeAt, lastArrival);
  }

  async #append(data: Uint8Array, id: string | undefined): Promise<Written> {
    return await this.#log.append(encodeBatch([{ partitionKey: id, data }]));
  }
}

type Written = { readonly first: Offset; readonly arrival: Millis };
