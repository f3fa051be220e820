import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Owns everything that has to be undone: processes, mounts, directories. Undoes it in reverse, also on the
 * way out.
 */
export class Workshop {
  readonly #root: string;
  readonly #undoings = new Set<() => void>();
  readonly #shared = new Map<unknown, unknown>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Remembers how to undo something. Answers a function that undoes it now, once. */
  owe(undo: () => void): () => void {
    const once = () => {
      if (this.#undoings.delete(once)) undo();
    };
    this.#undoings.add(once);
    return once;
  }

  start(executable: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(executable, args, options);
    const undo = this.owe(() => void child.kill('SIGKILL'));
    child.once('exit', undo);
    return child;
  }

  directory(): OwnedDirectory {
    const path = mkdtempSync(join(this.#root, 'millrace-torture-'));
    const remove = this.owe(() => rmSync(path, { recursive: true, force: true }));
    return { path, [Symbol.dispose]: remove };
  }

  /** What this function makes, once for all who ask with it. */
  share<T>(make: (workshop: Workshop) => T): T {
    if (!this.#shared.has(make)) this.#shared.set(make, make(this));
    return this.#shared.get(make) as T;
  }

  /** Undoes all that is left; does not wait, so that it may run on the way out. */
  close(): void {
    for (const undo of [...this.#undoings].reverse()) {
      try {
        undo();
      } catch (error) {
        // One that fails must not keep the others from being undone.
        console.error(String(error));
      }
    }
  }
}

/** A directory that goes with the block that made it. */
export type OwnedDirectory = Disposable & { readonly path: string };
