import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Goes on in a mount namespace of its own where the system allows one: no other process sees what is mounted
 * there, and the kernel removes it when the last process in it ends, however that ends.
 */
export function enterNamespace(): void {
  const unshare = findTool('unshare');
  if (!isRoot() || unshare === undefined || process.env[mark] !== undefined) return;
  const args = ['unshare', '--mount', '--propagation', 'private', process.execPath, ...process.argv.slice(1)];
  process.execve!(unshare, args, { ...process.env, [mark]: '1' } as Record<string, string>);
}

/** Mounting is allowed, and no other process would see it. */
export function isInNamespace(): boolean {
  return process.env[mark] !== undefined;
}

const mark = 'TORTURE_NAMESPACE';

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Where a command is, undefined when it is not installed. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
