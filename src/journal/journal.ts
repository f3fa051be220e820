import { strict as assert } from 'node:assert';
import { detached, unthinkable } from '../env/detached.ts';
import {
  encodeBatch,
  type Offset,
  type RecordBatch,
  recordsOf,
  type StoredBatch,
} from '../kinesis/record.ts';
import { Condition } from '../log/condition.ts';
import { DamagedError, type Engine, OverloadedError, type ReadLimit, type ShardKey } from '../log/log.ts';
import { advance, type Replayed } from './advance.ts';
import { type Commit, decodeRevision, encodeRevision, type Revision, type Snapshot } from './revision.ts';
import type { AnyEdit, Draft, StateMachine, Versioned } from './state-machine.ts';

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
   * Appends the edits that `decide` answers for the state as it is then, and resolves to the state after them
   * once they are durable and applied. When another writer's commit came first, it is decided again. Rejects
   * with what `decide` throws, with what the state machine throws when the state has no room for the edits,
   * with `OverloadedError` when too many wait already, and with the system's error when the edits could not
   * be written: then nothing has happened. Where there are other writers it may reject although the edits are
   * applied: when a snapshot takes the place of the record before that is read back.
   */
  commit(decide: Decide<State, Edit>): Promise<State>;
  /** Resolves when the state has changed, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

/** May be called more than once. What it reads of the state holds until it returns. */
type Decide<State, Edit> = (state: State) => readonly Edit[];

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

/** What a journal needs of a log: one shard of it. */
export interface JournalLog {
  /** Resolves once the batch is durable. What was rejected is never read. */
  append(batch: RecordBatch): Promise<{ readonly first: Offset }>;
  /** Batches from the one that holds `from` on, in order; at the end there are none. */
  read(from: Offset, limit: ReadLimit): Promise<readonly StoredBatch[]>;
  /** Forgets the records before an offset. */
  trim(before: Offset): Promise<void>;
}

/** A shard of an engine, for a journal. */
export function journalIn(engine: Engine, key: ShardKey): JournalLog {
  return {
    append: (batch) => engine.append(key, batch),
    read: async (from, limit) => {
      const { batches } = await engine.read(key, { from, since: Number.NEGATIVE_INFINITY, limit });
      return batches;
    },
    trim: (before) => engine.trim(key, before),
  };
}

/**
 * Replays the log. There is no other way in. Commits of `snapshotEveryBytes` are followed by a snapshot, so
 * that a start replays little more than the state's own size. Rejects as `current` does.
 */
export async function openJournal<State extends Versioned, Edit extends AnyEdit>(
  machine: StateMachine<State, Edit>,
  log: JournalLog,
  snapshotEveryBytes = 1024 * 1024,
): Promise<FollowedJournal<State, Edit>> {
  const journal = new LogJournal(machine, log, snapshotEveryBytes);
  await journal.current();
  return journal;
}

const replayPage = { records: 10_000, bytes: 1024 * 1024 };

/** No more commits than this wait: a server whose disk stands still is to say so. */
export const waitingMax = 10_000;

type Waiting<State, Edit> = {
  readonly decide: Decide<State, Edit>;
  readonly resolve: (state: State) => void;
  readonly reject: (error: unknown) => void;
};

/** What a round's requests decided: all of it, or nothing, becomes the next version. */
type Round<State, Edit> = {
  readonly accepted: readonly Waiting<State, Edit>[];
  readonly edits: readonly Edit[];
  readonly draft: Draft<State, Edit>;
};

class LogJournal<State extends Versioned, Edit extends AnyEdit> implements FollowedJournal<State, Edit> {
  readonly #machine: StateMachine<State, Edit>;
  readonly #log: JournalLog;
  readonly #snapshotEveryBytes: number;
  readonly #waiting: Waiting<State, Edit>[] = [];
  readonly #change = new Condition();
  readonly #followers: Follower<Edit>[] = [];
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
  /** Why nothing can be read, or written, any more. */
  #failure: unknown;

  constructor(machine: StateMachine<State, Edit>, log: JournalLog, snapshotEveryBytes: number) {
    this.#machine = machine;
    this.#log = log;
    this.#snapshotEveryBytes = snapshotEveryBytes;
    this.#replayed = { state: machine.empty, known: 0 };
  }

  get state(): State {
    return this.#replayed.state;
  }

  async current(): Promise<State> {
    for (;;) {
      const batches = await this.#log.read(this.#next, replayPage);
      if (batches.length === 0) break;
      this.#take(batches);
    }
    const { known, state } = this.#replayed;
    if (state.version === known) return state;
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
    for (const edit of edits) draft.apply(edit);
    const state = draft.finish(this.state.version + 1);
    const snapshot = { version: state.version, edits: this.#machine.snapshot(state) };
    const record = encodeRevision(snapshot);
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

  /** Another read may have taken some of it already: each record is taken once. */
  #take(batches: readonly StoredBatch[]): void {
    try {
      const found: (Revision<Edit> & { readonly offset: Offset })[] = [];
      let next = this.#next;
      let bytes = this.#bytesSinceSnapshot;
      let snapshotAt = this.#snapshotAt;
      for (const batch of batches) {
        for (const { offset, data } of recordsOf(batch)) {
          if (offset < next) continue;
          const revision = decodeRevision(this.#machine, { offset, data });
          found.push({ ...revision, offset });
          bytes = 'version' in revision ? 0 : bytes + data.length;
          if ('version' in revision) snapshotAt = offset;
        }
        next = Math.max(next, batch.first + batch.count);
      }
      const { applied, ...replayed } = advance(this.#machine, this.#replayed, found);
      this.#next = next;
      this.#bytesSinceSnapshot = bytes;
      this.#snapshotAt = snapshotAt;
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
    while (this.#waiting.length > 0) await this.#round(this.#waiting.splice(0));
    this.#isCommitting = false;
  }

  async #round(requests: readonly Waiting<State, Edit>[]): Promise<void> {
    const round = this.#decide(requests);
    const { accepted } = round;
    try {
      if (!(await this.#write(round))) this.#waiting.unshift(...accepted);
      else for (const { resolve } of accepted) resolve(this.state);
    } catch (error) {
      for (const { reject } of accepted) reject(error);
    }
  }

  #decide(requests: readonly Waiting<State, Edit>[]): Round<State, Edit> {
    const draft = this.#machine.draft(this.state);
    const accepted: Waiting<State, Edit>[] = [];
    const edits: Edit[] = [];
    for (const [index, request] of requests.entries()) {
      let decided: readonly Edit[];
      try {
        decided = request.decide(draft.state);
        this.#machine.requireRoom(draft.state, decided);
      } catch (error) {
        request.reject(error);
        continue;
      }
      try {
        for (const edit of decided) draft.apply(edit);
      } catch (error) {
        request.reject(error);
        // The draft may have some of the edits.
        return this.#decide([...accepted, ...requests.slice(index + 1)]);
      }
      edits.push(...decided);
      accepted.push(request);
    }
    return { accepted, edits, draft };
  }

  /** Answers whether the round became the next version: false when another commit came first. */
  async #write({ edits, draft }: Round<State, Edit>): Promise<boolean> {
    if (edits.length === 0) return true;
    const commit: Commit<Edit> = { after: this.state.version, edits };
    if (this.#bytesSinceSnapshot >= this.#snapshotEveryBytes) await this.#cut();
    this.#outcomes.clear();
    const data = encodeRevision(commit);
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
    if (commit.after !== this.state.version) return false;
    this.#bytesSinceSnapshot += data.length;
    const state = draft.finish(commit.after + 1);
    this.#show({ state, known: Math.max(this.#replayed.known, state.version) }, [commit]);
    return true;
  }

  /**
   * Removes what the log held before the snapshot once that is durable, unless there may be a commit before
   * it that it does not have.
   */
  async #cut(): Promise<void> {
    const snapshot = this.snapshot();
    const first = await this.#append(encodeRevision(snapshot));
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
