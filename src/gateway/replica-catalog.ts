import { apply } from '../catalog/apply.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Edit } from '../catalog/edit.ts';
import { type CatalogState, emptyState } from '../catalog/state.ts';
import type { Port } from '../env/workers.ts';
import { Condition } from '../log/condition.ts';

/** The edits that bring a replica from one version to the next. */
export type Revision = readonly Edit[];

/** What a replica begins with. */
export type ReplicaStart = {
  /** The state at a version, as an edit. */
  readonly start: Edit;
  readonly version: number;
  /** In shared memory, the version that the owner shows now. */
  readonly published: Int32Array;
};

/**
 * The owner's catalog in another thread. Whatever anybody was told about a state, at any front, is true of
 * the state that is read here afterwards: before the owner shows a new state it counts the version up, in
 * memory that all threads share, and who reads here takes in what was published up to that version first.
 */
export class ReplicaCatalog implements Catalog {
  readonly #port: Port<never, Revision>;
  readonly #published: Int32Array;
  readonly #growth = new Condition();
  #state: CatalogState;
  #version: number;

  /** `port` brings the revisions that come after the start. */
  constructor(port: Port<never, Revision>, { start, version, published }: ReplicaStart) {
    this.#port = port;
    this.#published = published;
    this.#state = apply(emptyState, start);
    this.#version = version;
    port.listen((revision) => this.#take(revision));
  }

  get state(): CatalogState {
    while (this.#version !== Atomics.load(this.#published, 0)) {
      const received = this.#port.take();
      // Between its two steps the owner is about to post: there is nothing else to do meanwhile.
      if (received === undefined) Atomics.wait(pause, 0, 0, pauseMs);
      else this.#take(received.message);
    }
    return this.#state;
  }

  async commit(): Promise<never> {
    throw new Error('Only the owner commits.');
  }

  changed(signal: AbortSignal): Promise<void> {
    const before = this.#state;
    return this.#growth.until(() => this.state !== before, signal);
  }

  close(): void {
    this.#port.close();
  }

  #take(revision: Revision): void {
    this.#state = revision.reduce(apply, this.#state);
    this.#version = (this.#version + 1) | 0;
    this.#growth.announce();
  }
}

/** Nobody ever wakes who waits here. */
const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 1;
