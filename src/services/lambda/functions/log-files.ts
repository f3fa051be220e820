import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import { type Disk, isRefusedBySystem, isSystemError, readWith, removeIfThere } from '../../../env/disk.ts';
import type { Logger } from '../../../env/logger.ts';
import type { RecentOutput } from './recent-output.ts';

/** Whose output a file is. */
export type LogFileName = { readonly account: string; readonly region: string; readonly name: string };

/**
 * A file for each function with all that it wrote, `functions/logs/ACCOUNT/REGION/NAME.log`, and the one
 * before it, `NAME.log.1`, since a file has 10 MiB at most. Not durable; where the disk is slower than a
 * function writes, the middle is left out. No file is open while nothing is written.
 */
export class LogFiles {
  readonly #disk: Disk | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #output: Pick<RecentOutput, 'keep'> | undefined;
  /** Those that have something to be written. */
  readonly #waiting = new Map<string, Waiting>();

  /** Without a disk there are no files. `output` is told of the same. */
  constructor(
    disk: Disk | undefined,
    clock: Clock,
    logger: Logger,
    output?: Pick<RecentOutput, 'keep'> | undefined,
  ) {
    this.#output = output;
    this.#disk = disk;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Takes a function's output to its file. Never fails: what cannot be written is left out, and says so. */
  keep(name: LogFileName, bytes: Buffer): void {
    this.#output?.keep(name, bytes);
    if (this.#disk === undefined) return;
    const path = `${folderOf(name)}/${name.name}.log`;
    const waiting = this.#waiting.get(path);
    if (waiting !== undefined) waiting.add(bytes);
    else detached(this.#writeOut(this.#disk, name, path, bytes), unthinkable);
  }

  /** Resolves when all that was kept is in its file, or could not be written. */
  async settled(): Promise<void> {
    await Promise.all([...this.#waiting.values()].map(({ done }) => done));
  }

  async #writeOut(disk: Disk, name: LogFileName, path: string, first: Buffer): Promise<void> {
    const waiting = new Waiting();
    waiting.add(first);
    this.#waiting.set(path, waiting);
    try {
      await disk.createDirectory(folderOf(name));
      while (waiting.hasMore) {
        await append(disk, path, waiting.take());
        // What comes meanwhile is written together.
        if (waiting.hasMore) await this.#clock.sleep(pauseMs);
      }
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      this.#logger.warn(`the output of function ${name.name} could not be written to ${path}`, { error });
    } finally {
      this.#waiting.delete(path);
      waiting.finish();
    }
  }
}

function folderOf({ account, region }: LogFileName): string {
  return `functions/logs/${account}/${region}`;
}

async function append(disk: Disk, path: string, pieces: readonly Buffer[]): Promise<void> {
  if ((await sizeOf(disk, path)) >= fileBytesMax) {
    await removeIfThere(disk, `${path}.1`);
    await disk.rename(path, `${path}.1`);
  }
  const file = await openOrCreate(disk, path);
  try {
    await file.write(pieces, await file.size());
  } finally {
    await file.close();
  }
}

async function sizeOf(disk: Disk, path: string): Promise<number> {
  try {
    return await readWith(disk, path, (file) => file.size());
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 0;
    throw error;
  }
}

async function openOrCreate(disk: Disk, path: string) {
  try {
    return await disk.open(path, 'write');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return await disk.open(path, 'create');
    throw error;
  }
}

class Waiting {
  readonly done: Promise<void>;
  readonly finish: () => void;
  #pieces: Buffer[] = [];
  #size = 0;
  #leftOut = 0;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.finish = resolve;
  }

  get hasMore(): boolean {
    return this.#pieces.length > 0;
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#size + bytes.length > waitingBytesMax) {
      this.#leftOut += bytes.length;
      return;
    }
    this.#pieces.push(bytes);
    this.#size += bytes.length;
  }

  take(): Buffer[] {
    const pieces = this.#pieces;
    if (this.#leftOut > 0) pieces.push(Buffer.from(`\n… ${this.#leftOut} bytes were left out here …\n`));
    this.#pieces = [];
    this.#size = 0;
    this.#leftOut = 0;
    return pieces;
  }
}

export const fileBytesMax = 10 * 1024 * 1024;
const waitingBytesMax = 1024 * 1024;
const pauseMs: Millis = 100;
