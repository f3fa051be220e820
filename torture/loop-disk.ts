import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { findTool, isInNamespace, isRoot } from '../harness/namespace.ts';
import { mount } from './mount.ts';
import type { Workshop } from './workshop.ts';

export type FileSystem = 'ext4' | 'xfs';

/** A file system in a file, whose power can be cut. */
export class LoopDisk implements Disposable {
  readonly path: string;
  readonly #workshop: Workshop;
  readonly #kind: FileSystem;
  readonly #image: string;
  #unmount: () => void;

  /** Needs a directory of its own. */
  constructor(workshop: Workshop, kind: FileSystem, directory: string) {
    this.#workshop = workshop;
    this.#kind = kind;
    this.#image = `${directory}/image`;
    this.path = `${directory}/disk`;
    writeFileSync(this.#image, '');
    truncateSync(this.#image, imageBytes);
    execFileSync(`mkfs.${kind}`, ['-q', this.#image], { stdio: 'pipe' });
    this.#unmount = this.#mount();
  }

  /**
   * As a power cut: the file system stops at once, and whatever is not on the disk by then never gets there;
   * the journal is not flushed. FS_IOC_GOINGDOWN of XFS and ext4, see xfs_io(8). No process may write after
   * the return.
   */
  cutPower(): void {
    const foreign = this.#kind === 'xfs' ? [] : ['-F'];
    execFileSync('xfs_io', [...foreign, '-x', '-c', 'shutdown', this.path], { stdio: 'pipe' });
  }

  /** As the next start of the machine: what the cache held is gone. No process may use it meanwhile. */
  restart(): void {
    this.#unmount();
    this.#unmount = this.#mount();
  }

  [Symbol.dispose](): void {
    this.#unmount();
  }

  #mount(): () => void {
    return mount(this.#workshop, ['-o', 'loop', this.#image], this.path);
  }
}

/** The smallest that mkfs.xfs makes; the file is sparse. */
const imageBytes = 300 * 1024 * 1024;

/** Why there is no such disk on this machine. */
export function loopDiskObstacle(kind: FileSystem): string | undefined {
  if (!isRoot() || !isInNamespace()) return 'needs root and a mount namespace (unshare)';
  if (findTool('losetup') === undefined) return 'needs losetup';
  if (findTool(`mkfs.${kind}`) === undefined) {
    return `needs mkfs.${kind} (apt-get install ${kind === 'xfs' ? 'xfsprogs' : 'e2fsprogs'})`;
  }
  if (findTool('xfs_io') === undefined) return 'needs xfs_io (apt-get install xfsprogs)';
  return undefined;
}
