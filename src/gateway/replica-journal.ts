import { strict as assert } from 'node:assert';
import type { Port } from '../env/workers.ts';
import { advance } from '../journal/advance.ts';
import type { Journal } from '../journal/journal.ts';
import type { Revision, Snapshot } from '../journal/revision.ts';
import type { AnyEdit, StateMachine, Versioned } from '../journal/state-machine.ts';
import { Condition } from '../log/condition.ts';

/** What a replica begins with. */
export type ReplicaStart<Edit> = {
  readonly start: Snapshot<Edit>;
  /** In shared memory, the lowest 32 bits of the version that the owner shows now. */
  readonly published: Int32Array;
};

/**
 * A journal of the owner in another thread. Whatever a client was told about a state, by any thread, is true
 * of the state that is read here afterwards: before the owner shows a new state it publishes the version, in
 * memory that all threads share, and reading here first takes in what was published up to that version.
 */
export class ReplicaJournal<State extends Versioned, Edit extends AnyEdit> implements Journal<State, Edit> {
  readonly #machine: StateMachine<State, Edit>;
  readonly #port: Port<never, Revision<Edit>>;
  readonly #published: Int32Array;
  readonly #change = new Condition();
  #state: State;

  /** `port` brings the revisions that come after the start. */
  constructor(
    machine: StateMachine<State, Edit>,
    port: Port<never, Revision<Edit>>,
    { start, published }: ReplicaStart<Edit>,
  ) {
    this.#machine = machine;
    this.#port = port;
    this.#published = published;
    this.#state = advance(machine, { state: machine.empty, known: 0 }, [start]).state;
    port.listen((revision) => this.#take(revision));
  }

  get state(): State {
    while ((this.#state.version | 0) !== Atomics.load(this.#published, 0)) {
      const received = this.#port.take();
      // The owner has published the version and is about to post the revision: there is nothing else to do
      // meanwhile.
      if (received === undefined) Atomics.wait(pause, 0, 0, pauseMs);
      else this.#take(received.message);
    }
    return this.#state;
  }

  async current(): Promise<State> {
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

  #take(revision: Revision<Edit>): void {
    const { state, applied } = advance(this.#machine, { state: this.#state, known: 0 }, [revision]);
    assert(applied.length === 1, 'revisions come in order, each once');
    this.#state = state;
    this.#change.announce();
  }
}

/** No thread ever wakes another one here. */
const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 1;
