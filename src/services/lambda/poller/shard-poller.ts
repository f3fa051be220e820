import { strict as assert } from 'node:assert';
import type { Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { ShardSight } from '../mappings/mapping-sight.ts';
import type { FoundSource } from '../mappings/source-access.ts';
import { startCursor } from '../mappings/start-cursors.ts';
import type { Cursor, MappingRecord } from '../state/lambda-state.ts';
import { Checkpoint, type Progress } from './checkpoint.ts';
import { FunctionCaller } from './function-caller.ts';
import { GivingUp } from './giving-up.ts';
import type { PollerWorld } from './poller-world.ts';
import type { ReadBudget } from './read-budget.ts';
import { type LanesParts, type LanesPlan, ShardLanes } from './shard-lanes.ts';
import { ShardMeter } from './shard-meter.ts';
import type { ShardSubject } from './shard-subject.ts';

/** What a shard's poller asks of what runs it. */
export type ShardSurroundings = {
  readonly budget: ReadBudget;
  /** The stream as it is now; undefined when it is not the mapping's any more. */
  readonly stream: () => Stream | undefined;
  /** Throws `SourceError` when the mapping's role may not read the stream any more. */
  readonly source: () => FoundSource;
  readonly isOurs: () => boolean;
};

/** Has a function process a shard for a mapping, from the cursor on that the journal has when it begins. */
export class ShardPoller {
  readonly #world: PollerWorld;
  readonly #subject: ShardSubject;
  readonly #around: ShardSurroundings;
  readonly #meter: ShardMeter;
  readonly #stopping = new AbortController();
  readonly #abandoned = new AbortController();
  readonly #over = new AbortController();
  #lanes: ShardLanes | undefined;
  #checkpoint: Checkpoint | undefined;
  /** What no lane runs for any more. */
  #settled: Progress | undefined;

  constructor(world: PollerWorld, subject: ShardSubject, around: ShardSurroundings) {
    this.#world = world;
    this.#subject = subject;
    this.#around = around;
    const { shardId, mapping } = subject;
    this.#meter = new ShardMeter(world.clock, world.logger, { mapping: mapping.uuid, shardId });
  }

  /**
   * Resolves when all of the shard was done and that is committed, when it was stopped, or when another one
   * has moved the cursor. Rejects as `Records.seek` does.
   */
  async run(): Promise<void> {
    try {
      const { journal, log, clock } = this.#world;
      const { cursorKey, stream, shard, mapping } = this.#subject;
      const known = journal.state.get('cursor', cursorKey);
      const begin = known ?? (await startCursor(log, stream, shard, mapping, clock.now()));
      await this.#runFrom(begin, this.#checkpointFrom(known));
    } finally {
      this.#over.abort(null);
    }
  }

  /** Has no call begun any more. What is under way is waited for, and committed. */
  stop(): void {
    this.#stopping.abort(null);
  }

  /** The same, but calls have only so long to answer. */
  close(): void {
    this.stop();
    detached(this.#abandonLate(), unthinkable);
  }

  /** The catalog has changed. */
  look(): void {
    this.#lanes?.look();
  }

  get sight(): ShardSight {
    const { shardId } = this.#subject;
    return {
      shardId,
      ...(this.#lanes?.sight ?? { lag: 0, behindRecords: 0, timeToLoss: undefined }),
      doneRecords: Math.min(...(this.#checkpoint?.known?.marks ?? [0])),
      lastResult: this.#checkpoint?.result ?? nothingResult,
      recordsPerSecond: this.#meter.recordsPerSecond,
    };
  }

  async #runFrom(begin: Cursor, checkpoint: Checkpoint): Promise<void> {
    this.#checkpoint = checkpoint;
    if (begin.isFinished === true) {
      this.#settled = begin;
      return await checkpoint.save();
    }
    const parts = this.#partsWith(checkpoint);
    for (let plan = planOf(begin, this.#subject.mapping); ; ) {
      const lanes = new ShardLanes(parts, plan);
      this.#lanes = lanes;
      this.#settled = undefined;
      await lanes.run();
      if (checkpoint.isLost) return;
      if (!lanes.isDone) return await checkpoint.save();
      const isFinished = lanes.end < plan.until;
      this.#settled = isFinished ? { marks: lanes.progress.marks, isFinished } : this.#changedLanes(plan);
      await checkpoint.save();
      if (isFinished || this.#stopping.signal.aborted || checkpoint.isLost) return;
      plan = planOf(this.#settled, this.#subject.mapping);
    }
  }

  /** All lanes have caught up with the one that was first: from there on there are others. */
  #changedLanes({ until }: LanesPlan): Progress {
    return { marks: new Array<Offset>(this.#subject.mapping.parallelization).fill(until) };
  }

  #checkpointFrom(known: Cursor | undefined): Checkpoint {
    return new Checkpoint(this.#world, this.#subject, known, {
      progress: () => this.#progress,
      stopped: this.#abandoned.signal,
      lost: () => this.stop(),
    });
  }

  get #progress(): Progress {
    const progress = this.#settled ?? this.#lanes?.progress;
    assert(progress !== undefined);
    return progress;
  }

  #partsWith(checkpoint: Checkpoint): LanesParts {
    const world = this.#world;
    const { budget, stream, source, isOurs } = this.#around;
    const subject = this.#subject;
    const { shard, role, mapping, target } = subject;
    const signals = { stopping: this.#stopping.signal, abandoned: this.#abandoned.signal };
    const from = { shard, region: subject.stream.region, role, arn: mapping.source };
    const caller = new FunctionCaller(world.functions, target, from, mapping, signals);
    const givingUp = new GivingUp(world, subject, caller.events, mapping.source);
    const meter = this.#meter;
    const stop = () => this.stop();
    return {
      ...{ world, budget, subject, caller, givingUp, checkpoint, meter, signals },
      ...{ stream, source, isOurs, stop },
    };
  }

  async #abandonLate(): Promise<void> {
    await this.#world.clock.sleep(drainMs, this.#over.signal);
    this.#abandoned.abort(null);
  }
}

/**
 * Lanes as a cursor has them. Where a mapping has another number of them now, those of the cursor go on until
 * they have all come as far as the first of them, and end their windows there.
 */
function planOf(
  { marks, windows = {} }: Progress,
  { parallelization }: Pick<MappingRecord, 'parallelization'>,
): LanesPlan {
  if (marks.length === parallelization) return { marks, windows, until: Number.POSITIVE_INFINITY };
  const until = Math.max(...marks);
  if (marks.some((mark) => mark < until) || Object.keys(windows).length > 0) return { marks, windows, until };
  const all = new Array<Offset>(parallelization).fill(until);
  return { marks: all, windows, until: Number.POSITIVE_INFINITY };
}

/** AWS's `LastProcessingResult` before the first. */
const nothingResult = 'No records processed';

/** How long calls have to answer once the server closes. */
export const drainMs: Millis = 10_000;
