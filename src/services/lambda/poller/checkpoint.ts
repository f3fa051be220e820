import { isDeepStrictEqual } from 'node:util';
import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import { UnknownOutcomeError } from '../../../journal/outcomes.ts';
import { editsOfFailure } from '../state/lambda-edits.ts';
import type { Cursor, FailureRecord, LambdaEdit, LambdaJournal, LambdaState } from '../state/lambda-state.ts';
import type { ShardSubject } from './shard-subject.ts';

type CheckpointWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: LambdaJournal;
};

/** How far a shard's lanes have come, in this moment. */
export type Progress = Pick<Cursor, 'marks' | 'isFinished' | 'windows'>;

/**
 * Keeps the cursor of a mapping's shard in the journal as its lanes move on. What several of them did while a
 * commit was under way is one commit, and those of all shards share the journal's rounds. A cursor that
 * another one has moved is lost: then nothing is committed any more.
 */
export class Checkpoint {
  readonly #world: CheckpointWorld;
  readonly #subject: ShardSubject;
  readonly #progress: () => Progress;
  readonly #stopped: AbortSignal;
  readonly #lost: () => void;
  /** As the journal has it by all that this one knows. */
  #known: Cursor | undefined;
  readonly #failures: FailureRecord[] = [];
  #result: string | undefined;
  #isWanted = false;
  #saving: Promise<void> | undefined;
  #isSoon = false;
  #isLost = false;

  /** `stopped` ends attempts to commit what cannot be committed; `lost` is told that the cursor is. */
  constructor(
    world: CheckpointWorld,
    subject: ShardSubject,
    known: Cursor | undefined,
    { progress, stopped, lost }: { progress: () => Progress; stopped: AbortSignal; lost: () => void },
  ) {
    this.#world = world;
    this.#subject = subject;
    this.#known = known;
    this.#result = known?.result;
    this.#progress = progress;
    this.#stopped = stopped;
    this.#lost = lost;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  get known(): Cursor | undefined {
    return this.#known;
  }

  get result(): string | undefined {
    return this.#result;
  }

  /** The result from the next commit on. */
  note(result: string): void {
    this.#result = result;
  }

  /** The same, and where the committed result is another one it is committed at once. */
  say(result: string): void {
    this.#result = result;
    if (this.#known?.result !== result) detached(this.save(), unthinkable);
  }

  /** The failure is in the same commit as marks that have passed it. */
  add(failure: FailureRecord): void {
    this.#failures.push(failure);
  }

  /** Resolves once all that is done now is committed, or the cursor is lost, or it was stopped. */
  async save(): Promise<void> {
    this.#isWanted = true;
    while (this.#saving !== undefined) await this.#saving;
    if (!this.#isWanted || this.#isLost) return;
    const saving = this.#saveWanted();
    this.#saving = saving;
    await saving;
    if (this.#saving === saving) this.#saving = undefined;
  }

  /** Saves within a second, if nothing else has it saved before. */
  saveSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    detached(this.#saveLater(), unthinkable);
  }

  async #saveLater(): Promise<void> {
    await this.#world.clock.sleep(soonMs, this.#stopped);
    this.#isSoon = false;
    if (!this.#stopped.aborted) await this.save();
  }

  async #saveWanted(): Promise<void> {
    while (this.#isWanted && !this.#isLost && !(await this.#isSaved())) {
      if (this.#stopped.aborted) return;
      await this.#world.clock.sleep(againMs, this.#stopped);
    }
  }

  async #isSaved(): Promise<boolean> {
    this.#isWanted = false;
    // What is decided is so at one moment: a mark is never past a failure that is not said with it.
    let failures: readonly FailureRecord[] = [];
    let said: Cursor | undefined;
    try {
      await this.#world.journal.commit((state) => {
        said = this.#isOurs(state) ? this.#cursor() : undefined;
        failures = [...this.#failures];
        return said === undefined ? [] : this.#edits(state, said, failures);
      });
    } catch (error) {
      const { shardId, mapping } = this.#subject;
      this.#world.logger.error('a mapping could not be checkpointed', {
        mapping: mapping.uuid,
        shardId,
        error,
      });
      // Nobody knows whether it was made: whoever goes on reads the journal first.
      if (error instanceof UnknownOutcomeError) this.#lose();
      this.#isWanted = true;
      return false;
    }
    this.#failures.splice(0, failures.length);
    if (said === undefined) this.#lose();
    else this.#known = said;
    return true;
  }

  #lose(): void {
    this.#isLost = true;
    this.#lost();
  }

  #cursor(): Cursor {
    const { marks, isFinished, windows } = this.#progress();
    return { marks, isFinished, windows, result: this.#result };
  }

  /** The mapping is there, and its cursor is where it was left. */
  #isOurs(state: LambdaState): boolean {
    const { cursorKey, mapping } = this.#subject;
    if (state.get('mapping', mapping.uuid) === undefined) return false;
    const now = state.get('cursor', cursorKey);
    return now === this.#known || isDeepStrictEqual(placeOf(now), placeOf(this.#known));
  }

  #edits(state: LambdaState, cursor: Cursor, failures: readonly FailureRecord[]): LambdaEdit[] {
    const { cursorKey, mapping } = this.#subject;
    const edits: LambdaEdit[] = failuresOf(state, mapping.uuid, failures);
    const isSame = isDeepStrictEqual({ ...placeOf(this.#known), result: this.#known?.result }, cursor);
    if (!isSame) edits.push({ kind: 'said', of: 'cursor', key: cursorKey, value: cursor });
    return edits;
  }
}

/** What of a cursor nobody else may have changed. */
function placeOf(cursor: Cursor | undefined): Progress | undefined {
  if (cursor === undefined) return undefined;
  const { marks, isFinished, windows } = cursor;
  return { marks, isFinished, windows };
}

/** The failures, by the next numbers of their mapping. */
function failuresOf(state: LambdaState, uuid: string, failures: readonly FailureRecord[]): LambdaEdit[] {
  const mapping = state.get('mapping', uuid);
  if (mapping === undefined) return [];
  return failures.flatMap((failure, index) =>
    editsOfFailure(state, { ...mapping, nextFailure: mapping.nextFailure + index }, failure),
  );
}

/** Marks that moved without a call are committed that rarely. */
const soonMs: Millis = 1_000;

/** How long until it is tried again, where a commit failed. */
const againMs: Millis = 1_000;
