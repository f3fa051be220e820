import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Workshop } from './workshop.ts';

/**
 * Mounts something, with these arguments, on a directory that is made if it is missing. Answers how to
 * unmount it.
 */
export function mount(workshop: Workshop, args: readonly string[], directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', [...args, directory], { stdio: 'pipe' });
  return workshop.owe(() => unmount(directory));
}

/** A file system that answers for the length of a block. */
export function mounted(workshop: Workshop, args: readonly string[], directory: string): Disposable {
  return { [Symbol.dispose]: mount(workshop, args, directory) };
}

/** A process that was killed a moment ago may still be about to let go. */
function unmount(directory: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      execFileSync('umount', [directory], { stdio: 'pipe' });
      return;
    } catch (error) {
      if (attempt === attemptsMax) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

const attemptsMax = 40;
