import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';

/**
 * What kind of file system a path is on, or the nearest directory above it that is there; undefined where the
 * system does not say. The numbers are those of statfs(2) of Linux.
 */
export function fileSystemKind(path: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return kinds.get(Number(statfsSync(at).type));
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}

const kinds: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x2fc12fc1, 'zfs'],
  [0xf2f52010, 'f2fs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlay'],
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x01021997, '9p'],
  [0x65735546, 'fuse'],
]);

/** How much memory this process may have: the machine's, or what its control group allows, in bytes. */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
