import { strict as assert } from 'node:assert';
import { type Catalog, catalogMachine } from '../catalog/catalog.ts';
import type { Edit } from '../catalog/edit.ts';
import { type CatalogState, emptyState } from '../catalog/state.ts';
import type { Port } from '../env/workers.ts';
import { advance } from '../journal/advance.ts';
import type { Revision as JournalRevision, Snapshot } from '../journal/revision.ts';
import { Condition } from '../log/condition.ts';

/** What brings a replica from one version to the next. */
export type Revision = JournalRevision<Edit>;

/** What a replica begins with. */
export type ReplicaStart = {
  readonly start: Snapshot<Edit>;
  /** In shared memory, the lowest 32 bits of the version that the owner shows now. */
  readonly published: Int32Array;
};

/**
 * The owner's catalog in another thread. Whatever a client was told about a state, by any thread, is true of
 * the state that is read here afterwards: before the owner shows a new state it publishes the version, in
 * memory that all threads share, and reading here first takes in what was published up to that version.
 */
export class ReplicaCatalog implements Catalog {
  readonly #port: Port<never, Revision>;
  readonly #published: Int32Array;
  readonly #change = new Condition();
  #state: CatalogState;

  /** `port` brings the revisions that come after the start. */
  constructor(port: Port<never, Revision>, { start, published }: ReplicaStart) {
    this.#port = port;
    this.#published = published;
    this.#state = advance(catalogMachine, { state: emptyState, known: 0 }, [start]).state;
    port.listen((revision) => this.#take(revision));
  }

  get state(): CatalogState {
    while ((this.#state.version | 0) !== Atomics.load(this.#published, 0)) {
      const received = this.#port.take();
      // The owner has published the version and is about to post the revision: there is nothing else to do
      // meanwhile.
      if (received === undefined) Atomics.wait(pause, 0, 0, pauseMs);
      else this.#take(received.message);
    }
    return this.#state;
  }

  async current(): Promise<CatalogState> {
    return this.state;
  }

  async commit(): Promise<never> {
    throw new Error('Only the owner commits.');
  }

  changed(signal: AbortSignal): Promise<void> {
    const { version } = this.#state;
    return this.#change.until(() => this.state.version !== version, signal);
  }

  close(): void {
    this.#port.close();
  }

  #take(revision: Revision): void {
    const { state, applied } = advance(catalogMachine, { state: this.#state, known: 0 }, [revision]);
    assert(applied.length === 1, 'revisions come in order, each once');
    this.#state = state;
    this.#change.announce();
  }
}

/** No thread ever wakes another one here. */
const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 1;
