import type { Port } from '../env/workers.ts';
import { versionOf } from '../journal/advance.ts';
import type { FollowedJournal } from '../journal/journal.ts';
import type { Revision } from '../journal/revision.ts';
import type { Versioned } from '../journal/state-machine.ts';
import type { ReplicaStart } from './replica-journal.ts';

/** Keeps replicas in step with a journal of the owner. */
export class JournalPublisher<State extends Versioned, Edit> {
  readonly #journal: FollowedJournal<State, Edit>;
  readonly #ports = new Set<Port<Revision<Edit>, never>>();
  /** The version, for all threads to see. */
  readonly #published = new Int32Array(new SharedArrayBuffer(4));

  constructor(journal: FollowedJournal<State, Edit>) {
    this.#journal = journal;
    Atomics.store(this.#published, 0, journal.state.version);
    // The version first: once one replica has the edits and has told a client, every other replica must know
    // that it is behind.
    journal.follow((revision) => {
      Atomics.store(this.#published, 0, versionOf(revision));
      for (const port of this.#ports) port.post(revision);
    });
  }

  /** Posts every revision to a port from now on. Answers what a replica begins with. */
  join(port: Port<Revision<Edit>, never>): ReplicaStart<Edit> {
    this.#ports.add(port);
    return { start: this.#journal.snapshot(), published: this.#published };
  }

  /** Posts nothing to a port any more: its thread ends. */
  leave(port: Port<Revision<Edit>, never>): void {
    this.#ports.delete(port);
  }
}
