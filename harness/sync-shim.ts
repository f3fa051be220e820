import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findTool } from './namespace.ts';

/** What to make of the syncs of a process: one of them fails, all take longer, or none does anything. */
export type SyncTrouble =
  | { readonly failAt: number }
  | { readonly delayMs: number }
  | { readonly lies: true };

/** Compiles the shim into a directory and answers the variables that put it under a process. */
export function troubleSyncs(directory: string, trouble: SyncTrouble): Record<string, string> {
  const library = join(directory, 'sync-shim.so');
  const source = join(import.meta.dirname, 'sync-shim.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  return { LD_PRELOAD: library, ...variableOf(trouble) };
}

function variableOf(trouble: SyncTrouble): Record<string, string> {
  if ('failAt' in trouble) return { TORTURE_SYNC_FAIL: String(trouble.failAt) };
  return 'delayMs' in trouble ? { TORTURE_SYNC_DELAY: String(trouble.delayMs) } : { TORTURE_SYNC_LIE: '1' };
}

/** Why syncs cannot be troubled on this machine. */
export function shimObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  return findTool('gcc') === undefined ? 'needs gcc' : undefined;
}
