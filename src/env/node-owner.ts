import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * The owner of a path, or else of the nearest directory above it that is there, and the user of this process,
 * both as numbers. Undefined where the system has none.
 */
export function ownerOf(
  path: string,
): { readonly path: string; readonly owner: number; readonly user: number } | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      const stats = statSync(at, { throwIfNoEntry: false });
      if (stats !== undefined) return { path: at, owner: stats.uid, user };
    } catch {
      // What is in a directory that may not be entered cannot be seen either.
    }
    if (at === dirname(at)) return undefined;
  }
}
