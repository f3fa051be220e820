import type { CatalogState } from '../../catalog/state.ts';
import { type Disk, type DiskLock, isSystemError, namesIn } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { endsName } from '../../log/embedded/recover/ends.ts';
import { isDamaged, type LogCheck, verifyLog } from '../../log/embedded/verify/verify.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { CatalogReplay } from './catalog-replay.ts';
import { crossCheck } from './cross-check.ts';

/** What a check found in a data directory. */
export type DataCheck = {
  readonly catalog: LogCheck;
  /** After the last commit that can be replayed. */
  readonly state: CatalogState;
  /** How many commits at least are missing behind it. */
  readonly commitsMissing: number;
  /** True when every commit of the journal can be read. */
  readonly isCatalogWhole: boolean;
  readonly streams: readonly StreamCheck[];
  /** Findings about the whole; those of a log are in its check. */
  readonly findings: readonly Finding[];
};

/** A log, and the stream that it is of; undefined when no stream is known that it could be of. */
export type StreamCheck = { readonly log: LogCheck; readonly stream: Stream | undefined };

/** Told of each segment before it is read. */
export type Progress = (path: string, bytes: number) => void;

/**
 * Keeps servers away while `work` is done. A directory without a lock file was never served, so none is made:
 * a copy can be checked as it is. Rejects with `StartError` when it is in use, or no data directory.
 */
export async function withData<T>(disk: Disk, data: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockOf(disk, data);
  try {
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

/** Reads everything in a data directory, and changes nothing. */
export async function checkData(disk: Disk, onSegment: Progress = () => {}): Promise<DataCheck> {
  const replay = new CatalogReplay();
  const catalog = await verifyLog(disk, 'catalog', 'catalog', {
    onSegment,
    onFrame: ({ frame, payload }) => {
      if (frame.count === 0) return;
      replay.take({ first: frame.first, arrival: frame.arrival, count: frame.count, bytes: payload });
    },
  });
  const { state } = replay;
  const known = new Map([...state.streams.values()].map((stream) => [stream.id, stream]));
  const { ids, findings } = await directoriesOf(disk, known);
  const streams: StreamCheck[] = [];
  for (const id of ids) {
    const log = await verifyLog(disk, 'streams', id, { onSegment });
    const stream = known.get(id);
    streams.push({ log, stream });
    if (stream !== undefined && !isDamaged(catalog)) findings.push(...crossCheck(stream, log));
  }
  for (const offset of replay.unreadable) {
    const message = `commit ${offset} of the control plane cannot be decoded.`;
    findings.push({ kind: 'damage', path: 'catalog/catalog', position: 0, message });
  }
  const end = catalog.states.get(0)?.next ?? 0;
  const commitsMissing = replay.missing(end);
  if (commitsMissing > 0 && !isDamaged(catalog)) {
    const message = `at least ${commitsMissing} commits of the control plane are missing after version ${state.version}.`;
    findings.push({ kind: 'damage', path: 'catalog/catalog', position: 0, message });
  }
  const isCatalogWhole = !isDamaged(catalog) && commitsMissing === 0 && replay.unreadable.length === 0;
  return { catalog, state, commitsMissing, isCatalogWhole, streams, findings };
}

/** True when something is not as it was written. */
export function isDataDamaged({ catalog, streams, findings }: DataCheck): boolean {
  return isDamaged({ findings }) || isDamaged(catalog) || streams.some(({ log }) => isDamaged(log));
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
    if (name.startsWith(endsName)) continue;
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
