import { detached, unthinkable } from '../env/detached.ts';
import { encodeBatch, recordsOf } from '../kinesis/record.ts';
import type { Engine, ShardKey } from '../log/log.ts';
import { apply } from './apply.ts';
import { decodeEdit, type Edit, encodeEdit } from './edit.ts';
import { requireRoom } from './room.ts';
import { type CatalogState, emptyState } from './state.ts';

/** The control plane: a state machine replayed from a log. */
export interface Catalog {
  /** The state after the last durable edit. Read it again after every await. */
  readonly state: CatalogState;
  /**
   * Appends the edits that `decide` answers for the state as it is then, and resolves to the state after
   * them once they are durable. What `decide` throws, it rejects with, and nothing happens; the same with
   * LimitExceededException when there is no room for the edits. It rejects with the system's error when the
   * edits could not be written.
   */
  commit(decide: Decide): Promise<CatalogState>;
  /** Resolves when the state has changed, or the signal is aborted. */
  changed(signal: AbortSignal): Promise<void>;
}

type Decide = (state: CatalogState) => readonly Edit[];

/** A catalog that others keep in step with. */
export interface FollowedCatalog extends Catalog {
  /**
   * Has a follower told of the durable edits of each commit from now on, in order, right before `state` shows
   * them.
   */
  follow(follower: Follower): void;
  /** The state as an edit. */
  snapshot(): Edit;
}

export type Follower = (edits: readonly Edit[]) => void;

/**
 * Replays the log. There is no other way in: the newest snapshot is an edit as well. Edits of
 * `snapshotEveryBytes` are followed by a snapshot, so that a start replays little more than the state's own
 * size.
 */
export async function openCatalog(log: Engine, snapshotEveryBytes = 1024 * 1024): Promise<FollowedCatalog> {
  let state = emptyState;
  let replayed = 0;
  const { start, end } = await log.position(catalogKey);
  for (let from = start; from < end; ) {
    const { batches } = await log.read(catalogKey, { from, ...replayPage });
    if (batches.length === 0) break;
    for (const batch of batches) {
      for (const record of recordsOf(batch)) {
        const edit = decodeEdit(record.data);
        replayed = edit.kind === 'snapshot' ? 0 : replayed + record.data.length;
        state = apply(state, edit);
      }
      from = batch.first + batch.count;
    }
  }
  return new LogCatalog(log, state, replayed, snapshotEveryBytes);
}

/** Where in an engine of its own the catalog's edits are. */
export const catalogKey: ShardKey = { stream: 'catalog', shard: 0 };

const replayPage = { since: Number.NEGATIVE_INFINITY, limit: { records: 10_000, bytes: 1024 * 1024 } };

type Waiting = {
  readonly decide: Decide;
  readonly resolve: (state: CatalogState) => void;
  readonly reject: (error: unknown) => void;
};

class LogCatalog implements FollowedCatalog {
  state: CatalogState;
  readonly #log: Engine;
  readonly #waiting: Waiting[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #followers: Follower[] = [];
  readonly #snapshotEveryBytes: number;
  #committing = false;
  #bytesSinceSnapshot: number;

  constructor(log: Engine, state: CatalogState, bytesSinceSnapshot: number, snapshotEveryBytes: number) {
    this.#log = log;
    this.state = state;
    this.#bytesSinceSnapshot = bytesSinceSnapshot;
    this.#snapshotEveryBytes = snapshotEveryBytes;
  }

  commit(decide: Decide): Promise<CatalogState> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ decide, resolve, reject });
      // What is durable by then would not show, and all that comes later would wait for ever.
      if (!this.#committing) detached(this.#commitAll(), unthinkable);
    });
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.#watchers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  snapshot(): Edit {
    const { secret, nextStream, streams, accounts } = this.state;
    return { kind: 'snapshot', secret, nextStream, streams: [...streams.values()], accounts: [...accounts] };
  }

  /** One owner: rounds follow one another, and what arrives during one shares the next. */
  async #commitAll(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) await this.#round(this.#waiting.splice(0));
    this.#committing = false;
  }

  async #round(requests: readonly Waiting[]): Promise<void> {
    const edits: Edit[] = [];
    const accepted: Waiting[] = [];
    let next = this.state;
    for (const request of requests) {
      try {
        const decided = request.decide(next);
        requireRoom(next, decided);
        edits.push(...decided);
        next = decided.reduce(apply, next);
        accepted.push(request);
      } catch (error) {
        request.reject(error);
      }
    }
    try {
      await this.#append(edits);
    } catch (error) {
      for (const request of accepted) request.reject(error);
      return;
    }
    if (edits.length > 0) for (const follower of this.#followers) follower(edits);
    this.state = next;
    for (const watcher of [...this.#watchers]) watcher();
    for (const request of accepted) request.resolve(next);
  }

  async #append(edits: readonly Edit[]): Promise<void> {
    if (edits.length === 0) return;
    if (this.#bytesSinceSnapshot >= this.#snapshotEveryBytes) await this.#cut();
    const records = edits.map((edit) => ({ partitionKey: undefined, data: encodeEdit(edit) }));
    await this.#log.append(catalogKey, encodeBatch(records));
    for (const { data } of records) this.#bytesSinceSnapshot += data.length;
  }

  /** What the log held before the snapshot goes once the snapshot is durable. */
  async #cut(): Promise<void> {
    const batch = encodeBatch([{ partitionKey: undefined, data: encodeEdit(this.snapshot()) }]);
    const { first } = await this.#log.append(catalogKey, batch);
    await this.#log.trim(catalogKey, first);
    this.#bytesSinceSnapshot = 0;
  }
}
