import type { IdentityEdit } from '../access/identity/edit.ts';
import {
  type FollowedIdentity,
  type IdentityJournal,
  identityKey,
  identityMachine,
  openIdentity,
} from '../access/identity/identity.ts';
import type { IdentityState } from '../access/identity/state.ts';
import type { KeyEdit } from '../access/keys/edit.ts';
import { type FollowedKeys, type Keys, keysKey, keysMachine, openKeys } from '../access/keys/keys.ts';
import type { KeysState } from '../access/keys/state.ts';
import {
  type Catalog,
  catalogKey,
  catalogMachine,
  type FollowedCatalog,
  openCatalog,
} from '../catalog/catalog.ts';
import type { Edit } from '../catalog/edit.ts';
import type { CatalogState } from '../catalog/state.ts';
import type { Env } from '../env/env.ts';
import type { Port, Workers } from '../env/workers.ts';
import { followJournal } from '../journal/follow.ts';
import type { Revision } from '../journal/revision.ts';
import type { Engine } from '../log/log.ts';
import { type Freshness, KeptFreshness } from '../rpc/freshness.ts';
import { JournalPublisher } from './journal-publisher.ts';
import { ReplicaJournal, type ReplicaStart } from './replica-journal.ts';

/** The journals of the control plane: streams, users and policies, keys. */
export type Control = {
  readonly catalog: Catalog;
  readonly identity: IdentityJournal;
  readonly keys: Keys;
};

/** The same in the owner, which alone commits. */
export type FollowedControl = {
  readonly catalog: FollowedCatalog;
  readonly identity: FollowedIdentity;
  readonly keys: FollowedKeys;
};

/** Replays the logs of all of them. Rejects as `Journal.current` does. */
export async function openControl(engine: Engine, snapshotEveryBytes?: number): Promise<FollowedControl> {
  const catalog = await openCatalog(engine, snapshotEveryBytes);
  const identity = await openIdentity(engine, snapshotEveryBytes);
  const keys = await openKeys(engine, snapshotEveryBytes);
  return { catalog, identity, keys };
}

/** The journals, as far as other processes commit to them. */
export type SharedControl = Freshness &
  AsyncDisposable & {
    /** Has another journal be up to date with them from now on. */
    include(current: () => Promise<unknown>): void;
  };

/**
 * Follows what other processes commit to the journals; undefined where there are none. Ends the process when
 * it cannot be understood.
 */
export function shareControl(
  { catalog, identity, keys }: FollowedControl,
  engine: Engine,
  world: Pick<Env, 'clock' | 'panic'>,
): SharedControl | undefined {
  if (engine.writer === undefined) return undefined;
  const following = [
    followJournal(catalog, engine, catalogKey, world),
    followJournal(identity, engine, identityKey, world),
    followJournal(keys, engine, keysKey, world),
  ];
  const included: (() => Promise<unknown>)[] = [];
  const read = async () => {
    const others = included.map((current) => current());
    await Promise.all([catalog.current(), identity.current(), keys.current(), ...others]);
  };
  const end = async () => {
    await Promise.all(following.map((each) => each[Symbol.asyncDispose]()));
  };
  return Object.assign(new KeptFreshness(read, world.clock), {
    include(current: () => Promise<unknown>) {
      included.push(current);
    },
    [Symbol.asyncDispose]: end,
  });
}

type Edits = { readonly catalog: Edit; readonly identity: IdentityEdit; readonly keys: KeyEdit };

/** The owner's ends of the channels that take revisions to a worker, one for each journal. */
export type RevisionsOut = { readonly [Name in keyof Edits]: Port<Revision<Edits[Name]>, never> };

/** A worker's ends of the same. */
export type RevisionsIn = { readonly [Name in keyof Edits]: Port<never, Revision<Edits[Name]>> };

/** New channels for the revisions of all journals. */
export function revisionsBetween(workers: Pick<Workers, 'channel'>): {
  readonly out: RevisionsOut;
  readonly in: RevisionsIn;
} {
  const [catalog, catalogIn] = workers.channel<Revision<Edit>, never>();
  const [identity, identityIn] = workers.channel<Revision<IdentityEdit>, never>();
  const [keys, keysIn] = workers.channel<Revision<KeyEdit>, never>();
  return { out: { catalog, identity, keys }, in: { catalog: catalogIn, identity: identityIn, keys: keysIn } };
}

/** What replicas of all journals begin with. */
export type ControlStart = { readonly [Name in keyof Edits]: ReplicaStart<Edits[Name]> };

/** Keeps workers in step with the owner's journals. */
export class ControlPublisher {
  readonly #catalog: JournalPublisher<CatalogState, Edit>;
  readonly #identity: JournalPublisher<IdentityState, IdentityEdit>;
  readonly #keys: JournalPublisher<KeysState, KeyEdit>;

  constructor({ catalog, identity, keys }: FollowedControl) {
    this.#catalog = new JournalPublisher(catalog);
    this.#identity = new JournalPublisher(identity);
    this.#keys = new JournalPublisher(keys);
  }

  /** Posts every revision from now on. Answers what the replicas begin with. */
  join({ catalog, identity, keys }: RevisionsOut): ControlStart {
    return {
      catalog: this.#catalog.join(catalog),
      identity: this.#identity.join(identity),
      keys: this.#keys.join(keys),
    };
  }

  /** Posts nothing any more: the worker ends. */
  leave({ catalog, identity, keys }: RevisionsOut): void {
    this.#catalog.leave(catalog);
    this.#identity.leave(identity);
    this.#keys.leave(keys);
  }
}

/** The owner's journals in a worker. */
export function replicatedControl(ports: RevisionsIn, start: ControlStart): Control {
  return {
    catalog: new ReplicaJournal(catalogMachine, ports.catalog, start.catalog),
    identity: new ReplicaJournal(identityMachine, ports.identity, start.identity),
    keys: new ReplicaJournal(keysMachine, ports.keys, start.keys),
  };
}
