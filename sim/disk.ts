import { posix } from 'node:path';
import type { SeededRandom } from '../harness/random.ts';
import type { Disk, DiskLock, DiskSpace, File } from '../src/env/disk.ts';
import { type DiskCallKind, type Faults, latency, shortRead } from './disk-call.ts';
import { SimulatedFile } from './file.ts';
import type { Process } from './process.ts';
import { type Storage, systemError } from './storage.ts';
import type { Trace } from './trace.ts';

/** What a disk is made of. */
export type DiskParts = {
  readonly process: Process;
  readonly storage: Storage;
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly faults: Faults;
  /**
   * The holder of each lock, over all processes: undefined for a lock that no process holds and whose file is
   * there.
   */
  readonly locks: Map<string, Process | undefined>;
  /** Multiplies how long calls take: 1 is a good solid-state disk. */
  readonly slowness: number;
};

/** The machine's disk as one process sees it. */
export class SimulatedDisk implements Disk {
  readonly #parts: DiskParts;
  #calls = 0;

  constructor(parts: DiskParts) {
    this.#parts = parts;
  }

  createDirectory(path: string): Promise<void> {
    return this.call('createDirectory', path, () => this.storage.createDirectory(path));
  }

  list(path: string): Promise<string[]> {
    return this.call('list', path, () => this.storage.list(path));
  }

  open(path: string, mode: 'create' | 'write' | 'read'): Promise<File> {
    return this.call('open', path, () => {
      const file = mode === 'create' ? this.storage.create(path) : this.storage.file(path);
      return new SimulatedFile(this, file, path, mode !== 'read');
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.call('rename', from, () => this.storage.rename(from, to), ` to ${to}`);
  }

  renameToNew(from: string, to: string): Promise<void> {
    return this.call('rename', from, () => this.storage.renameToNew(from, to), ` to ${to}, if that is new`);
  }

  /** Takes no time: nothing is read for it. */
  async isOpenToOthers(): Promise<boolean> {
    return false;
  }

  remove(path: string): Promise<void> {
    return this.call('remove', path, () => this.storage.remove(path));
  }

  removeDirectory(path: string): Promise<void> {
    return this.call('removeDirectory', path, () => this.storage.removeDirectory(path));
  }

  syncDirectory(path: string): Promise<void> {
    const mark = this.storage.mark();
    return this.call('syncDirectory', path, () => this.storage.syncDirectory(path, mark));
  }

  lock(path: string): Promise<DiskLock | undefined> {
    const { process, locks } = this.#parts;
    return this.call('lock', path, () => {
      if (locks.get(path)?.isAlive) return undefined;
      const isNew = !locks.has(path);
      if (!this.storage.list(posix.dirname(path)).includes(posix.basename(path))) this.storage.create(path);
      locks.set(path, process);
      return {
        isNew,
        // Takes no time: nothing is read for it.
        isHeld: async () => locks.get(path) === process,
        release: () => this.call('release', path, () => void locks.set(path, undefined)),
      };
    });
  }

  /** Takes no time: nothing is read for it. */
  async space(): Promise<DiskSpace> {
    return { freeBytes: this.storage.free(), totalBytes: this.storage.capacity };
  }

  get storage(): Storage {
    return this.#parts.storage;
  }

  get isAlive(): boolean {
    return this.#parts.process.isAlive;
  }

  get random(): SeededRandom {
    return this.#parts.random;
  }

  /**
   * Carries out one call. It takes effect at its beginning or at its end, so that a crash in between finds it
   * done or not; the caller hears of it at its end, if it still lives. `failed` is what an injected error
   * leaves behind.
   */
  call<T>(kind: DiskCallKind, path: string, effect: () => T, detail = '', failed?: () => void): Promise<T> {
    const { process, random, trace, faults, slowness } = this.#parts;
    return new Promise((resolve, reject) => {
      if (!process.isAlive) return;
      const code = faults({ kind, path, index: this.#calls++ });
      const act = () => {
        if (code === undefined) return attempt(effect);
        if (code === shortRead) return attempt(() => shortened(effect(), random));
        return attempt(() => fail(code, path, failed));
      };
      const early = random.chance(0.5) ? act() : undefined;
      process.after(slowness * latency(kind, random), () => {
        const outcome = early ?? act();
        const ending = 'error' in outcome ? ` fails: ${codeOf(outcome.error)}` : '';
        trace.write('disk', `${kind} ${path}${detail}${ending}`);
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      });
    });
  }
}

/** Of what is not a number of bytes, nothing is missing. */
function shortened<T>(answer: T, random: SeededRandom): T {
  return typeof answer === 'number' ? (random.below(answer) as T) : answer;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(effect: () => T): Outcome<T> {
  try {
    return { value: effect() };
  } catch (error) {
    return { error };
  }
}

function fail(code: string, path: string, failed: (() => void) | undefined): never {
  failed?.();
  throw systemError(code, path);
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? error);
}
