import type { FollowedCatalog } from '../catalog/catalog.ts';
import type { Port } from '../env/workers.ts';
import type { ReplicaStart, Revision } from './replica-catalog.ts';

/** Keeps replicas in step with the owner's catalog. */
export class CatalogPublisher {
  readonly #catalog: FollowedCatalog;
  readonly #ports: Port<Revision, never>[] = [];
  /** How many commits were published, for all threads to see. */
  readonly #published = new Int32Array(new SharedArrayBuffer(4));

  constructor(catalog: FollowedCatalog) {
    this.#catalog = catalog;
    // The version first: a replica that hears of the edits, and tells a client, must not be ahead of one that
    // could not know.
    catalog.follow((edits) => {
      Atomics.add(this.#published, 0, 1);
      for (const port of this.#ports) port.post(edits);
    });
  }

  /** Posts every revision to a port from now on. Answers what a replica begins with. */
  join(port: Port<Revision, never>): ReplicaStart {
    this.#ports.push(port);
    const version = Atomics.load(this.#published, 0);
    return { start: this.#catalog.snapshot(), version, published: this.#published };
  }
}
