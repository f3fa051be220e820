import { strict as assert } from 'node:assert';
import { detached, unthinkable } from '../env/detached.ts';
import { encodeBatch, type Offset, recordsOf, type StoredBatch } from '../kinesis/record.ts';
import { Condition } from '../log/condition.ts';
import { DamagedError, OverloadedError } from '../log/log.ts';
import { advance, type Replayed } from './advance.ts';
import type { JournalLog } from './journal-log.ts';
import { Restater } from './restater.ts';
import { type Commit, decodeRevision, type Revision, recordOf, type Snapshot } from './revision.ts';
import { type Decide, decideRound, type Round, type Waiting } from './round.ts';
import type { AnyEdit, StateMachine, Versioned } from './state-machine.ts';

/** A state that is replayed from a log, which several writers may share. */
export interface Journal<State, Edit> {
  /** The state after the last commit that was read or made here. Read it again after every await. */
  readonly state: State;
  /**
   * The state with everything in it that any writer had committed when this was called. Rejects with
   * `NewerFormatError` or `DamagedError` when the log cannot be understood.
   */
  current(): Promise<State>;
  /**
   * Appends the edits that `decide` answers for the state as it is then, and resolves to the state after
   * them once they are durable and applied. When another writer's commit came first, it is decided again.
   * Rejects with what `decide` throws, once all is durable that it was thrown for, with what the state
   * machine throws when the state has no room for the edits, with `OverloadedError` when too many wait
   * already, and with the system's error when the edits could not be written: then nothing has happened.
   * Where there are other writers it may reject although the edits are applied: when a snapshot takes the
   * place of the record before that is read back.
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
  /**
   * Makes the next version of these edits, and keeps nothing of what the log held before, so that what they
   * replace can be read nowhere any more. For a start: nothing else may commit meanwhile. Rejects as `commit`
   * does.
   */
  rewrite(edits: readonly Edit[]): Promise<void>;
  /** Removes what the log holds before its latest snapshot: a crash may have come between the two. */
  forgetPast(): Promise<void>;
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

const replayPage = { records: 10_000, bytes: 1024 * 1024 };

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
  /** Undefined where there are snapshots. */
  #restater: Restater<State, Edit> | undefined;
  #replayed: Replayed<State>;
  /** All records before it were read. */
  #next: Offset = 0;
  /**
   * Whether what was read during the rounds was applied: a commit may be read before its offset is known.
   */
  readonly #outcomes = new Map<Offset, boolean>();
  #bytesSinceSnapshot = 0;
  /** Where the latest snapshot is that was read or made here. */
  #snapshotAt: Offset = 0;
  #isCommitting = false;
  /** Whether the latest round was full before all had decided. */
  #hasLeft = false;
  /** Why nothing can be read, or written, any more. */
  #failure: unknown;

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
    this.#replayed = { state: machine.empty, known: 0 };
    const { restating } = machine;
    this.#restater = restating && new Restater(restating, snapshotEveryBytes);
  }

  get state(): State {
    return this.#replayed.state;
  }

  async current(): Promise<State> {
    await this.#readOn();
    if (!this.#isWhole && this.#restater !== undefined) await this.#beginAnew();
    const { known, state } = this.#replayed;
    if (this.#isWhole) return state;
    throw new DamagedError(
      `the journal of the ${this.#machine.name} has nothing between the versions ${state.version} and ${known}`,
    );
  }

  commit(decide: Decide<State, Edit>): Promise<State> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
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

  /** One record, which is both: a log never holds the edits and not yet the snapshot, or the other way. */
  async rewrite(edits: readonly Edit[]): Promise<void> {
    const draft = this.#machine.draft(this.state);
    for (const edit of edits) draft.apply(edit, this.#next);
    const state = draft.finish(this.state.version + 1);
    const snapshot = { version: state.version, edits: this.#machine.snapshot(state) };
    const record = recordOf(this.#machine, snapshot);
    const first = await this.#append(record);
    assert(first === this.#next && snapshot.version === this.state.version + 1);
    this.#next = first + 1;
    this.#bytesSinceSnapshot = 0;
    this.#snapshotAt = first;
    this.#show({ state, known: state.version }, [snapshot]);
    await this.forgetPast();
  }

  forgetPast(): Promise<void> {
    return this.#log.trim(this.#snapshotAt);
  }

  get #isWhole(): boolean {
    return this.#replayed.state.version === this.#replayed.known;
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const batches = await this.#log.read(this.#next, replayPage);
      if (batches.length === 0) return;
      this.#take(batches);
    }
  }

  /**
   * What would have come next was trimmed by another writer: where a log that is restated begins now, it says
   * everything. It may be trimmed again meanwhile.
   */
  async #beginAnew(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const anew = new LogJournal(this.#machine, this.#log, this.#snapshotEveryBytes, this.#turn);
      await anew.#readOn();
      if (!anew.#isWhole) continue;
      this.#next = anew.#next;
      this.#restater = anew.#restater;
      this.#show(anew.#replayed, []);
      this.#change.announce();
      return;
    }
  }

  /** Another read may have taken some of it already: each record is taken once. */
  #take(batches: readonly StoredBatch[]): void {
    try {
      const found: (Revision<Edit> & { readonly offset: Offset })[] = [];
      let next = this.#next;
      let bytes = this.#bytesSinceSnapshot;
      let snapshotAt = this.#snapshotAt;
      const lengths: number[] = [];
      for (const batch of batches) {
        for (const { offset, data } of recordsOf(batch)) {
          if (offset < next) continue;
          const revision = decodeRevision(this.#machine, { offset, data });
          found.push({ ...revision, offset });
          lengths.push(data.length);
          bytes = 'version' in revision ? 0 : bytes + data.length;
          if ('version' in revision) snapshotAt = offset;
        }
        next = Math.max(next, batch.first + batch.count);
      }
      const { applied, ...replayed } = advance(this.#machine, this.#replayed, found);
      this.#next = next;
      this.#bytesSinceSnapshot = bytes;
      this.#snapshotAt = snapshotAt;
      const counted = new Set(applied);
      for (const [index, revision] of found.entries()) {
        this.#restater?.passed(revision.offset, lengths[index]!, counted.has(revision));
      }
      if (this.#isCommitting) {
        for (const { offset } of found) this.#outcomes.set(offset, false);
        for (const { offset } of applied) this.#outcomes.set(offset, true);
      }
      this.#show(replayed, applied);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #show(replayed: Replayed<State>, applied: readonly Revision<Edit>[]): void {
    for (const revision of applied) for (const follower of this.#followers) follower(revision);
    this.#replayed = replayed;
    if (applied.length > 0) this.#change.announce();
  }

  /** Rounds follow one another, and what arrives during one shares the next. */
  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      await this.#round(this.#waiting.splice(0));
      // A round that wrote nothing has not let anything else happen either.
      if (this.#hasLeft) await this.#turn();
    }
    this.#isCommitting = false;
  }

  async #round(requests: readonly Waiting<State, Edit>[]): Promise<void> {
    const restated = this.#restater?.due(this.state) ?? [];
    const round = decideRound(this.#machine, { state: this.state, restated, at: this.#next }, requests);
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
    const commit: Commit<Edit> = { after: this.state.version, edits };
    await this.#forget();
    this.#outcomes.clear();
    const data = recordOf(this.#machine, commit);
    const first = await this.#append(data);
    if (first !== this.#next) {
      await this.current();
      const isApplied = this.#outcomes.get(first);
      if (isApplied === undefined)
        throw new Error('The commit was forgotten, after a snapshot, before it was read.');
      return isApplied;
    }
    // All before it was read, so nothing has to be read now, not even this.
    this.#next = first + 1;
    const counts = commit.after === this.state.version && this.#isWhole;
    this.#restater?.passed(first, data.length, counts);
    if (!counts) return false;
    this.#bytesSinceSnapshot += data.length;
    this.#restater?.wrote(data.length);
    const state = draft.finish(commit.after + 1);
    this.#show({ state, known: Math.max(this.#replayed.known, state.version) }, [commit]);
    return true;
  }

  /** Before a round: lets go of what the log need not hold any more. */
  async #forget(): Promise<void> {
    if (this.#restater === undefined) {
      if (this.#bytesSinceSnapshot >= this.#snapshotEveryBytes) await this.#cut();
      return;
    }
    const before = this.#restater.trimmable(this.state);
    if (before !== undefined) await this.#log.trim(before);
  }

  /**
   * Removes what the log held before the snapshot once that is durable, unless there may be a commit before
   * it that it does not have.
   */
  async #cut(): Promise<void> {
    const snapshot = this.snapshot();
    const first = await this.#append(recordOf(this.#machine, snapshot));
    if (first === this.#next) {
      this.#next = first + 1;
      this.#snapshotAt = first;
    } else await this.current();
    this.#bytesSinceSnapshot = 0;
    if (this.state.version === snapshot.version) await this.#log.trim(first);
  }

  async #append(data: Uint8Array): Promise<Offset> {
    return (await this.#log.append(encodeBatch([{ partitionKey: undefined, data }]))).first;
  }
}
