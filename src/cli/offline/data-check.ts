import { identityKey, identityMachine } from '../../access/identity/identity.ts';
import type { IdentityState } from '../../access/identity/state.ts';
import { keysKey, keysMachine } from '../../access/keys/keys.ts';
import type { KeysState } from '../../access/keys/state.ts';
import { catalogKey, catalogMachine } from '../../catalog/catalog.ts';
import type { CatalogState } from '../../catalog/state.ts';
import { type Disk, type DiskLock, isSystemError, namesIn } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { archiveIdName } from '../../log/embedded/archive/archive-owner.ts';
import { endsName } from '../../log/embedded/recover/ends.ts';
import type { ArchiveToRead } from '../../log/embedded/verify/stream-files.ts';
import { isDamaged, type LogCheck, verifyLog } from '../../log/embedded/verify/verify.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import type { ShardKey } from '../../log/log.ts';
import { clusterOf } from '../../server/cluster-directory.ts';
import { crossCheck } from './cross-check.ts';
import { FrameOpener, type OpenedFrames } from './frame-opener.ts';
import { checkJournal, type JournalCheck, type Progress } from './journal-check.ts';
import { streamKeyOpener, type Unlocked } from './key-openers.ts';
import { checkServices, type ServicesCheck } from './services-check.ts';

/** What a check found in a data directory. */
export type DataCheck = Omit<ServicesCheck, 'findings'> & {
  readonly catalog: JournalCheck<CatalogState>;
  readonly identity: JournalCheck<IdentityState>;
  readonly keys: JournalCheck<KeysState>;
  readonly streams: readonly StreamCheck[];
  /** Findings about the whole; those of a log are in its check. */
  readonly findings: readonly Finding[];
};

/** A log, and the stream that it is of; undefined when no stream is known that it could be of. */
export type StreamCheck = {
  readonly log: LogCheck;
  readonly stream: Stream | undefined;
  /** Undefined when nothing was to be decrypted. */
  readonly opened?: OpenedFrames | undefined;
};

/**
 * Keeps servers away while `work` is done. A directory without a lock file was never served, so none is made:
 * a copy can be checked as it is. Rejects with `StartError` when it is in use, or no data directory.
 */
export async function withData<T>(disk: Disk, data: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockOf(disk, data);
  try {
    const cluster = await clusterOf(disk);
    if (cluster !== undefined) {
      throw new StartError(
        `${data} is of a server of the cluster ${cluster}, whose streams are in Kafka: there is none in it`,
      );
    }
    const logs = [...(await namesIn(disk, 'catalog')), ...(await namesIn(disk, 'streams'))];
    if (logs.length === 0)
      throw new StartError(`${data} is not a data directory: it has no catalog and no streams`);
    return await work();
  } finally {
    await lock?.release();
  }
}

async function lockOf(disk: Disk, data: string): Promise<DiskLock | undefined> {
  if (!(await namesIn(disk, '.')).includes('lock')) return undefined;
  const lock = await disk.lock('lock');
  if (lock === undefined)
    throw new StartError(`the data directory ${data} is in use by a server; stop it first`);
  return lock;
}

/**
 * Reads everything in a data directory, and changes nothing. With the root key everything that is encrypted
 * is decrypted, too; with the archive what lies there is read, too.
 */
export async function checkData(
  disk: Disk,
  onSegment: Progress = () => {},
  unlocked?: Unlocked,
  archive?: ArchiveToRead,
): Promise<DataCheck> {
  const control = ({ stream }: ShardKey) => ({ directory: 'catalog', stream });
  const catalog = await checkJournal(disk, catalogMachine, control(catalogKey), onSegment);
  const identity = await checkJournal(disk, identityMachine, control(identityKey), onSegment);
  const keys = await checkJournal(disk, keysMachine, control(keysKey), onSegment);
  const services = await checkServices(disk, keys.state, onSegment, unlocked);
  const { tables, lambda, others } = services;
  const known = new Map([...catalog.state.streams.values()].map((stream) => [stream.id, stream]));
  const { ids, findings } = await directoriesOf(disk, known);
  const streams: StreamCheck[] = [];
  for (const id of ids) {
    const stream = known.get(id);
    const open = unlocked && stream && streamKeyOpener(keys.state, unlocked, stream);
    const opener = open && new FrameOpener(id, open);
    const log = await verifyLog(disk, 'streams', id, visitorOf(onSegment, opener), archive);
    streams.push({ log, stream, opened: opener?.result });
    findings.push(...(opener?.findings ?? []));
    if (stream !== undefined && !isDamaged(catalog.log)) findings.push(...crossCheck(stream, log));
  }
  for (const journal of [catalog, identity, keys, tables, lambda]) findings.push(...journal.findings);
  findings.push(...services.findings);
  return { catalog, identity, keys, tables, lambda, others, streams, findings };
}

function visitorOf(onSegment: Progress, opener: FrameOpener | undefined): Parameters<typeof verifyLog>[3] {
  if (opener === undefined) return { onSegment };
  return {
    onSegment(path, bytes) {
      onSegment(path, bytes);
      opener.beginSegment(path);
    },
    onFrame: (whole) => opener.take(whole),
  };
}

/** True when something is not as it was written. */
export function isDataDamaged({ findings, others, streams, ...journals }: DataCheck): boolean {
  const { catalog, identity, keys, tables, lambda } = journals;
  const logs = [catalog, identity, keys, tables, lambda, ...others, ...streams].map(({ log }) => log);
  return [{ findings }, ...logs].some(isDamaged);
}

/** The streams that there are, by their directories and by the catalog, and what is wrong between the two. */
async function directoriesOf(
  disk: Disk,
  known: ReadonlyMap<string, Stream>,
): Promise<{ ids: string[]; findings: Finding[] }> {
  const ids = new Set(known.keys());
  const findings: Finding[] = [];
  for (const name of await namesIn(disk, 'streams')) {
    const found = (kind: Finding['kind'], message: string) =>
      findings.push({ kind, path: `streams/${name}`, position: 0, message });
    if (name.startsWith(endsName) || name.startsWith(archiveIdName)) continue;
    if (name.endsWith('.dropped'))
      found('torn', 'a deleted stream. The next start removes what is left of it.');
    else if (!(await isDirectory(disk, `streams/${name}`)))
      found('note', 'not a file of Millrace’s; it is left alone.');
    else if (!known.has(name)) {
      found('damage', 'the catalog does not name a stream that these records belong to.');
      ids.add(name);
    }
  }
  return { ids: [...ids], findings };
}

async function isDirectory(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.list(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOTDIR') || isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}
