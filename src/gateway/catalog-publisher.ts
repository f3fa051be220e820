import type { FollowedCatalog } from '../catalog/catalog.ts';
import type { Port } from '../env/workers.ts';
import { versionOf } from '../journal/advance.ts';
import type { ReplicaStart, Revision } from './replica-catalog.ts';

/** Keeps replicas in step with the owner's catalog. */
export class CatalogPublisher {
  readonly #catalog: FollowedCatalog;
  readonly #ports = new Set<Port<Revision, never>>();
  /** The version, for all threads to see. */
  readonly #published = new Int32Array(new SharedArrayBuffer(4));

  constructor(catalog: FollowedCatalog) {
    this.#catalog = catalog;
    Atomics.store(this.#published, 0, catalog.state.version);
    // The version first: once one replica has the edits and has told a client, every other replica must know
    // that it is behind.
    catalog.follow((revision) => {
      Atomics.store(this.#published, 0, versionOf(revision));
      for (const port of this.#ports) port.post(revision);
    });
  }

  /** Posts every revision to a port from now on. Answers what a replica begins with. */
  join(port: Port<Revision, never>): ReplicaStart {
    this.#ports.add(port);
    return { start: this.#catalog.snapshot(), published: this.#published };
  }

  /** Posts nothing to a port any more: its thread ends. */
  leave(port: Port<Revision, never>): void {
    this.#ports.delete(port);
  }
}
