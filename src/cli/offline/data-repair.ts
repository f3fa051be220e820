import { strict as assert } from 'node:assert';
import { identityKey, identityMachine } from '../../access/identity/identity.ts';
import { keysKey, keysMachine } from '../../access/keys/keys.ts';
import { rootKeyFile } from '../../access/keys/root-key-source.ts';
import { apply } from '../../catalog/apply.ts';
import { catalogKey, catalogMachine } from '../../catalog/catalog.ts';
import { findStream } from '../../catalog/state.ts';
import { type Disk, namesIn } from '../../env/disk.ts';
import { encodeRevision, type Revision } from '../../journal/revision.ts';
import type { AnyEdit, StateMachine, Versioned } from '../../journal/state-machine.ts';
import { encodeBatch, type Offset } from '../../kinesis/record.ts';
import { archiveIdName } from '../../log/embedded/archive/archive-owner.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import type { EngineEnv } from '../../log/embedded/engine-parts.ts';
import type { ShardStates } from '../../log/embedded/shard-state.ts';
import { copyDirectory } from '../../log/embedded/verify/copy.ts';
import { keepsArchive, repairLog } from '../../log/embedded/verify/repair.ts';
import type { ShardKey } from '../../log/log.ts';
import { controlLogOptions, servicesDirectory } from '../../server/storage.ts';
import { cutShards, editsOfCreation, editsOfRepair } from './catalog-repair.ts';
import type { DataCheck } from './data-check.ts';
import type { JournalCheck, Progress } from './journal-check.ts';
import type { Unlocked } from './key-openers.ts';
import { copyServices, requireReadable } from './services-repair.ts';

/** What became of a stream in the copy. */
export type Kept = {
  readonly id: string;
  /** Whether the copy has what is archived, where that is something. */
  readonly hasArchive: boolean;
  /** Where its shards end in the copy. Undefined when the stream is not in it. */
  readonly states: ShardStates | undefined;
  /** The shards that end before they did. */
  readonly cut: ReadonlyMap<number, Offset>;
};

/**
 * Copies a data directory that was checked to another disk, without what is damaged. The copy is one that a
 * server starts from.
 */
export async function repairData(
  from: Disk,
  to: EngineEnv,
  check: DataCheck,
  onLog: Progress = () => {},
  unlocked?: Unlocked,
): Promise<Kept[]> {
  requireReadable(check);
  await to.disk.createDirectory('streams');
  let { state } = check.catalog;
  const all: Kept[] = [];
  for (const { stream: known, log } of check.streams) {
    onLog(`streams/${log.stream}`, log.bytes);
    // Records that the catalog does not name would be taken for those of the stream that gets their number
    // next.
    if (known === undefined) {
      all.push({ id: log.stream, hasArchive: false, states: undefined, cut: new Map() });
      continue;
    }
    state = editsOfCreation(known, log).reduce(apply, state);
    const stream = findStream(state, known)!;
    const kept = await repairLog(from, to, 'streams', log);
    const cut = cutShards({ stream, log, kept });
    state = editsOfRepair({ stream, log, kept }, cut, to.clock.now()).reduce(apply, state);
    all.push({ id: log.stream, hasArchive: keepsArchive(log), states: kept, cut });
  }
  await copyArchiveId(from, to.disk);
  await sealCut(to, all);
  await copyJournals(
    from,
    to,
    { ...check, catalog: { ...check.catalog, state } },
    state === check.catalog.state,
  );
  await copyServices(from, to, check, unlocked);
  await copyOthers(from, to.disk);
  return all;
}

/** The copy has the archive in the place of the original. */
async function copyArchiveId(from: Disk, to: Disk): Promise<void> {
  if (!(await namesIn(from, 'streams')).includes(archiveIdName)) return;
  await copyDirectory(from, to, 'streams', [archiveIdName]);
}

/** Shards that were cut take no more records. */
async function sealCut(to: EngineEnv, all: readonly Kept[]): Promise<void> {
  if (all.every(({ cut }) => cut.size === 0)) return;
  const records = await openEmbeddedLog(to, 'streams');
  for (const { id, cut } of all) {
    for (const [shard, end] of cut) {
      const sealed = await records.seal({ stream: id, shard });
      assert(sealed === end);
    }
  }
  await records.close();
}

/**
 * A journal of which every commit can be read is copied, the catalog only if it is as it was. Others are
 * written anew.
 */
async function copyJournals(
  from: Disk,
  to: EngineEnv,
  { catalog, identity, keys }: DataCheck,
  isCatalogSame: boolean,
): Promise<void> {
  const written: [ShardKey, Revision<AnyEdit>][] = [];
  const copyOrWrite = async <State extends Versioned, Edit extends AnyEdit>(
    machine: StateMachine<State, Edit>,
    key: ShardKey,
    { log, state, isWhole }: JournalCheck<State>,
    isSame = true,
  ) => {
    if (isWhole && isSame) await repairLog(from, to, 'catalog', log);
    else written.push([key, { version: state.version + 1, edits: machine.snapshot(state) }]);
  };
  await copyOrWrite(catalogMachine, catalogKey, catalog, isCatalogSame);
  await copyOrWrite(identityMachine, identityKey, identity);
  await copyOrWrite(keysMachine, keysKey, keys);
  if (written.length > 0) await writeSnapshots(to, written);
}

/** The whole state as a snapshot, the version after those that there were: no history is needed. */
async function writeSnapshots(
  to: EngineEnv,
  snapshots: readonly (readonly [ShardKey, Revision<AnyEdit>])[],
): Promise<void> {
  const control = await openEmbeddedLog(to, 'catalog', controlLogOptions);
  for (const [key, snapshot] of snapshots) {
    await control.append(key, encodeBatch([{ partitionKey: undefined, data: encodeRevision(snapshot) }]));
  }
  await control.close();
}

/** Certificates, for example, and the root key, without which the journals are of no use. */
async function copyOthers(from: Disk, to: Disk): Promise<void> {
  for (const name of await namesIn(from, '.')) {
    if (['lock', 'catalog', 'streams', servicesDirectory].includes(name)) continue;
    if (name === rootKeyFile) await copyDirectory(from, to, '.', [name]);
    const files = await namesIn(from, name).catch(notDirectory);
    if (files !== undefined) await copyDirectory(from, to, name, files);
  }
}

function notDirectory(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOTDIR') throw error;
}
