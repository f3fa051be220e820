import { streamKeyOf } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import { findShard, type Shard, type Stream } from '../../../kinesis/stream.ts';
import type { ShardSight } from '../mappings/mapping-sight.ts';
import { isPolled } from '../mappings/mapping-state.ts';
import { SourceError } from '../mappings/source-access.ts';
import { cursorKeyOf, type LambdaState, type MappingRecord } from '../state/lambda-state.ts';
import { functionOf, type MappedFunction } from './function-of-mapping.ts';
import { KnownSource } from './known-source.ts';
import type { PollerWorld } from './poller-world.ts';
import type { ReadBudget } from './read-budget.ts';
import { ShardRun } from './shard-run.ts';

/** A mapping that is to be run, and what with. */
type Runnable = MappedFunction & {
  readonly mapping: MappingRecord;
  readonly stream: Stream;
  /** All that its runs depend on, as text. */
  readonly settings: string;
};

/** A mapping as it runs here: those of its shards that can be begun, and are not finished. */
export class RunningMapping {
  readonly #world: PollerWorld;
  readonly #budget: ReadBudget;
  readonly #uuid: string;
  readonly #nudge: () => void;
  readonly #source: KnownSource;
  readonly #closing = new AbortController();
  /** By the key of their cursor, with the settings that they were begun with. */
  readonly #runs = new Map<string, { readonly run: ShardRun; readonly settings: string }>();
  #seen: Runnable | undefined;
  #problem: string | undefined;
  #isToLook = false;

  /** `nudge` has `look` called again. */
  constructor(world: PollerWorld, budget: ReadBudget, uuid: string, nudge: () => void) {
    this.#world = world;
    this.#budget = budget;
    this.#uuid = uuid;
    this.#nudge = nudge;
    this.#source = new KnownSource(world);
  }

  /** Brings what runs to what the journal and the catalog say now. */
  look(): void {
    const { state } = this.#world.journal;
    const before = this.#seen;
    const runnable = this.#closing.signal.aborted ? undefined : this.#runnable(state);
    this.#seen = runnable;
    const wanted = new Map<string, Shard>();
    if (runnable !== undefined) {
      for (const shard of shardsToRun(state, this.#uuid, runnable.stream))
        wanted.set(cursorKeyOf(this.#uuid, runnable.stream.id, shard.index), shard);
    }
    for (const [key, { run, settings }] of this.#runs) {
      if (!wanted.has(key) || settings !== runnable?.settings) run.stop();
      else if (runnable.stream !== before?.stream) run.look();
    }
    for (const [key, shard] of wanted) if (!this.#runs.has(key)) this.#begin(key, runnable!, shard);
  }

  /** Stops all of it; resolves when nothing runs any more, which is soon. */
  async close(): Promise<void> {
    this.#closing.abort(null);
    const runs = [...this.#runs.values()].map(({ run }) => run);
    for (const run of runs) run.close();
    await Promise.all(runs.map(({ ended }) => ended));
  }

  get isIdle(): boolean {
    return this.#runs.size === 0;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get shards(): readonly ShardSight[] {
    return [...this.#runs.values()].flatMap(({ run }) => run.sight ?? []);
  }

  #runnable(state: LambdaState): Runnable | undefined {
    this.#problem = undefined;
    const mapping = state.get('mapping', this.#uuid);
    if (mapping === undefined || !isPolled(mapping)) return undefined;
    const mapped = functionOf(state, mapping);
    if (mapped === undefined) {
      this.#problem = `PROBLEM: Function not found: ${mapping.functionArn}`;
      return undefined;
    }
    try {
      const { stream } = this.#source.find(mapping, mapped.role);
      const seen = this.#seen;
      const isSame = seen?.mapping === mapping && seen.role === mapped.role && seen.stream.id === stream.id;
      return {
        ...mapped,
        mapping,
        stream,
        settings: isSame ? seen.settings : settingsOf(mapping, mapped, stream),
      };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.#problem = `PROBLEM: ${error.message}`;
      this.#lookLater();
      return undefined;
    }
  }

  /** Policies may change without a word to anyone here. */
  #lookLater(): void {
    if (this.#isToLook) return;
    this.#isToLook = true;
    const later = async () => {
      await this.#world.clock.sleep(againMs, this.#closing.signal);
      this.#isToLook = false;
      this.#nudge();
    };
    detached(later(), unthinkable);
  }

  #begin(cursorKey: string, { mapping, target, role, stream, settings }: Runnable, shard: Shard): void {
    const { account, region, uuid } = mapping;
    const name = { uuid, account, region, functionName: target.name };
    const key = { stream: stream.id, shard: shard.index };
    const shardId = formatShardId(shard.index);
    const run = new ShardRun(
      this.#world,
      { mapping, name, target, role, stream, shard, shardId, key, cursorKey },
      {
        budget: this.#budget,
        stream: () => this.#streamNow(stream),
        source: () => this.#source.find(mapping, role),
      },
    );
    this.#runs.set(cursorKey, { run, settings });
    const forget = async () => {
      await run.ended;
      this.#runs.delete(cursorKey);
      this.#nudge();
    };
    detached(forget(), unthinkable);
  }

  /** Undefined once another one has the name. */
  #streamNow(stream: Stream): Stream | undefined {
    const now = this.#world.catalog.state.streams.get(streamKeyOf(stream));
    return now?.id === stream.id ? now : undefined;
  }
}

/** Shards that are not finished, and whose parents are; one that expired counts as such. */
function shardsToRun(state: LambdaState, uuid: string, stream: Stream): readonly Shard[] {
  const isFinished = (index: number) =>
    state.get('cursor', cursorKeyOf(uuid, stream.id, index))?.isFinished === true;
  const isOver = (parent: number) => findShard(stream, parent) === undefined || isFinished(parent);
  return stream.shards.filter(({ index, parents }) => !isFinished(index) && parents.every(isOver));
}

function settingsOf(mapping: MappingRecord, { target, role }: MappedFunction, stream: Stream): string {
  const { tags: _tags, state: _state, isEnabled: _isEnabled, reason: _reason, ...others } = mapping;
  const { modifiedAt: _modifiedAt, nextFailure: _nextFailure, ...settings } = others;
  return JSON.stringify([settings, target, role, stream.id]);
}

/** How soon a mapping that cannot run looks again by itself. */
const againMs: Millis = 5_000;
