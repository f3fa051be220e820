import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../env/clock.ts';
import { bytesAt, type Disk, type File, isRefusedBySystem, SyncError } from '../../env/disk.ts';
import type { Logger } from '../../env/logger.ts';

export type FilesEnv = { readonly clock: Clock; readonly disk: Disk; readonly logger: Logger };

/**
 * Lines in files `KIND-TIME-NUMBER.jsonl` of a directory. A full file is followed by another, and the oldest
 * are removed. Lines wait for the disk, and nothing waits for them: what the disk does not take is tried
 * again, and what there is no room for is left out and counted.
 */
export class AuditFiles {
  readonly #env: FilesEnv;
  readonly #directory: string;
  readonly #kind: string;
  readonly #sizes: Sizes;
  /** Those that no write was begun with. */
  #waiting: string[] = [];
  #waitingChars = 0;
  /** What a write has begun or failed with; it is written again until it is in the file. */
  #batch: Buffer | undefined;
  #leftOut = 0;
  #open: OpenFile | undefined;
  #writing: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(env: FilesEnv, directory: string, kind: string, sizes = defaultSizes) {
    this.#env = env;
    this.#directory = directory;
    this.#kind = kind;
    this.#sizes = sizes;
  }

  /** A line without its end. */
  add(line: string): void {
    if (this.#closing.signal.aborted || this.#waitingChars + line.length > this.#sizes.waitingCharsMax) {
      this.#leftOut += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingChars += line.length;
    this.#begin();
  }

  /** All that was added is in the file, or was counted as left out. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#begin();
    await this.#writing;
    try {
      await this.#leave();
    } catch (error) {
      this.#report(error);
    }
    const { lost } = this;
    if (lost > 0) this.#env.logger.error('audit records were left out', { kind: this.#kind, leftOut: lost });
  }

  /** How many lines are in no file, and will not be. */
  get lost(): number {
    return this.#leftOut;
  }

  #begin(): void {
    if (this.#writing !== undefined || (this.#waiting.length === 0 && this.#batch === undefined)) return;
    this.#writing = this.#writeAll().catch((error) => {
      // A mistake of ours must cost no request.
      this.#env.logger.error('the audit log ended', { error });
      this.#giveUp();
    });
  }

  /** Writes what waits, several lines at once, until nothing does. */
  async #writeAll(): Promise<void> {
    const { clock } = this.#env;
    const { signal } = this.#closing;
    while (this.#waiting.length > 0 || this.#batch !== undefined) {
      await clock.sleep(gatherMs, signal);
      try {
        await this.#write();
      } catch (error) {
        this.#report(error);
        if (signal.aborted) this.#giveUp();
        await clock.sleep(retryMs, signal);
      }
    }
    this.#writing = undefined;
  }

  async #write(): Promise<void> {
    this.#batch ??= this.#take();
    await this.#requireRoom(this.#batch.length);
    const { file, position } = await this.#fileWithRoom(this.#batch.length);
    await file.write([this.#batch], position);
    this.#open = { ...this.#open!, position: position + this.#batch.length };
    this.#batch = undefined;
  }

  /** Half of what records leave to the control plane is not for its audit log either. */
  async #requireRoom(bytes: number): Promise<void> {
    const { freeBytes, totalBytes } = await this.#env.disk.space();
    const kept = Math.min(reserveBytesMax, totalBytes / reserveShare);
    if (freeBytes < kept + bytes) throw new DiskFullError('the last of the disk is not for the audit log');
  }

  #take(): Buffer {
    const bytes = Buffer.from(`${this.#waiting.join('\n')}\n`);
    this.#waiting = [];
    this.#waitingChars = 0;
    return bytes;
  }

  /** What the disk did not take at the end. */
  #giveUp(): void {
    this.#leftOut += this.#waiting.length + (this.#batch === undefined ? 0 : linesIn(this.#batch));
    this.#waiting = [];
    this.#batch = undefined;
  }

  async #fileWithRoom(bytes: number): Promise<OpenFile> {
    this.#open ??= await this.#resume();
    if (this.#open !== undefined && this.#open.position + bytes <= this.#sizes.fileBytesMax)
      return this.#open;
    const number = (this.#open?.number ?? 0) + 1;
    await this.#leave();
    this.#open = await this.#create(number);
    await this.#removeOld();
    return this.#open;
  }

  /** The file that was written to before the server started, behind its last line; undefined without one. */
  async #resume(): Promise<OpenFile | undefined> {
    const { disk } = this.#env;
    await disk.createDirectory(this.#directory);
    const last = (await this.#files()).at(-1);
    if (last === undefined) return undefined;
    const file = await disk.open(`${this.#directory}/${last.name}`, 'write');
    return await keptOpen(file, async () => ({ file, number: last.number, position: await endOf(file) }));
  }

  async #create(number: number): Promise<OpenFile> {
    const { disk, clock } = this.#env;
    const time = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const name = `${this.#kind}-${time}-${String(number).padStart(6, '0')}.jsonl`;
    const file = await disk.open(`${this.#directory}/${name}`, 'create');
    return await keptOpen(file, async () => {
      await disk.syncDirectory(this.#directory);
      return { file, number, position: 0 };
    });
  }

  async #removeOld(): Promise<void> {
    const old = (await this.#files()).slice(0, -this.#sizes.filesMax);
    for (const { name } of old) await this.#env.disk.remove(`${this.#directory}/${name}`);
  }

  #files(): Promise<readonly AuditFile[]> {
    return auditFilesIn(this.#env.disk, this.#directory, this.#kind);
  }

  async #leave(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    try {
      await open.file.sync();
    } finally {
      await open.file.close();
    }
  }

  /** The disk may refuse. Anything else is our mistake. */
  #report(error: unknown): void {
    const isExpected =
      error instanceof DiskFullError || error instanceof SyncError || isRefusedBySystem(error);
    assert(isExpected, error as Error);
    this.#env.logger.error('audit records could not be written; it is tried again', { error });
  }
}

export type AuditFile = { readonly name: string; readonly number: number };

/**
 * The files of a kind in a directory, which is there, in the order of their numbers. Clocks may jump: the
 * time in a name is for people.
 */
export async function auditFilesIn(
  disk: Disk,
  directory: string,
  wanted: string,
): Promise<readonly AuditFile[]> {
  const names = await disk.list(directory);
  const files = names.flatMap((name) => {
    const [, kind, number] = fileForm.exec(name) ?? [];
    return kind === wanted ? [{ name, number: Number(number) }] : [];
  });
  return files.sort((one, other) => one.number - other.number);
}

/** The file that is written to; `position` is its end. */
type OpenFile = { readonly file: File; readonly number: number; readonly position: number };

const fileForm = /^([a-z]+)-\d{8}T\d{6}Z-(\d{6,15})\.jsonl$/;

const newline = Buffer.from('\n');

/** Where the next line begins. A crash may have left a part of a line, which is ended. */
async function endOf(file: File): Promise<number> {
  const size = await file.size();
  const [end] = await bytesAt(file, Math.max(0, size - 1), 1);
  if (size === 0 || end === newline[0]) return size;
  await file.write([newline], size);
  return size + 1;
}

/** What `work` makes of a file, which is closed when that fails. */
async function keptOpen(file: File, work: () => Promise<OpenFile>): Promise<OpenFile> {
  try {
    return await work();
  } catch (error) {
    await file.close();
    throw error;
  }
}

function linesIn(bytes: Buffer): number {
  return bytes.reduce((count, byte) => (byte === newline[0] ? count + 1 : count), 0);
}

class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
}

type Sizes = { readonly fileBytesMax: number; readonly filesMax: number; readonly waitingCharsMax: number };

/** A file that reaches this size is followed by another. */
const fileBytesMax = 10 * 1024 * 1024;

/** So many files of a kind are kept. */
const filesMax = 10;

/** What may wait for the disk. A record has about a thousand characters. */
const waitingCharsMax = 4 * 1024 * 1024;

const defaultSizes: Sizes = { fileBytesMax, filesMax, waitingCharsMax };

/** Records are refused before the last 64 MiB of the disk, or its last eighth; see `DiskReserve`. */
const reserveBytesMax = 32 * 1024 * 1024;
const reserveShare = 16;

/** Lines of so long are written together. */
const gatherMs: Millis = 100;

/** A full disk is looked at again after this long. */
const retryMs: Millis = 5_000;
