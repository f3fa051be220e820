import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import { StartError } from '../../env/start-error.ts';
import type { AuditNote } from '../../gateway/requests.ts';
import { type Audit, noAudit } from '../../rpc/audit.ts';
import type { ServerOptions } from '../options.ts';
import { AuditFiles, type FilesEnv } from './audit-files.ts';
import { Recorder } from './recorder.ts';

/** The audit log of a server: what its own thread is asked, and what its workers were. */
export interface AuditLog extends Audit {
  /** Takes a worker's record. */
  readonly note: (note: AuditNote) => void;
  /** Where its files are; undefined where there are none. */
  readonly place: AuditPlace | undefined;
  /** How many records are in no file, and will not be. */
  lost(): number;
  /** What was recorded is in the files. */
  close(): Promise<void>;
}

/**
 * Opens the audit log where the options say. `diskAt` opens another directory than the data directory.
 * Rejects with `StartError` when there is none, or it cannot be had. Calls and refusals have files of their
 * own: anyone can cause refusals, and they must not push out what users did.
 */
export async function openAuditLog(
  options: AuditOptions,
  env: FilesEnv & Pick<Env, 'random'>,
  diskAt?: (directory: string) => Disk,
): Promise<AuditLog> {
  const place = await placeOf(options, env, diskAt);
  if (place === undefined) return { ...noAudit, note() {}, place, lost: () => 0, close: async () => {} };
  const filesEnv = { clock: env.clock, logger: env.logger, disk: place.disk };
  const files = {
    call: new AuditFiles(filesEnv, place.directory, auditKinds.call),
    refused: new AuditFiles(filesEnv, place.directory, auditKinds.refused),
  };
  const note = ({ kind, line }: AuditNote) => files[kind].add(line);
  const recorder = new Recorder(options, env, note);
  return {
    record: (event) => recorder.record(event),
    note,
    place,
    lost: () => files.call.lost + files.refused.lost,
    async close() {
      recorder.close();
      await files.call.close();
      await files.refused.close();
    },
  };
}

type AuditOptions = Pick<ServerOptions, 'audit' | 'memory' | 'account' | 'region'>;

/** Whether anything is recorded. A server that keeps nothing keeps no audit log, unless told where to. */
export function isAudited({ audit, memory }: Pick<ServerOptions, 'audit' | 'memory'>): boolean {
  return audit === undefined ? !memory : audit !== 'off';
}

export type AuditPlace = { readonly disk: Disk; readonly directory: string };

/** What the files of each kind are called. */
export const auditKinds = { call: 'calls', refused: 'refused' } as const;

async function placeOf(
  options: AuditOptions,
  { disk }: Pick<FilesEnv, 'disk'>,
  diskAt: ((directory: string) => Disk) | undefined,
): Promise<AuditPlace | undefined> {
  const { audit, memory } = options;
  if (!isAudited(options)) return undefined;
  if (audit !== undefined && audit !== 'on') return await elsewhere(audit, diskAt);
  if (memory)
    throw new StartError('--audit on needs a data directory: with --memory, name a directory for it');
  return { disk, directory: 'audit' };
}

async function elsewhere(
  directory: string,
  diskAt: ((directory: string) => Disk) | undefined,
): Promise<AuditPlace> {
  if (diskAt === undefined) throw new StartError('the audit log can only be in the data directory here');
  const disk = diskAt(directory);
  try {
    await disk.createDirectory('.');
  } catch (cause) {
    throw new StartError(`cannot keep the audit log in ${directory}: ${(cause as Error).message}`, { cause });
  }
  return { disk, directory: '.' };
}
