import type { File } from '../src/env/disk.ts';
import type { SimulatedDisk } from './disk.ts';
import type { DiskCallKind } from './disk-call.ts';
import { systemError } from './storage.ts';
import type { StoredFile } from './stored-file.ts';

/** An open file, as the process that opened it sees it. */
export class SimulatedFile implements File {
  readonly #disk: SimulatedDisk;
  readonly #file: StoredFile;
  readonly #path: string;
  readonly #isWritable: boolean;
  #isOpen = true;

  constructor(disk: SimulatedDisk, file: StoredFile, path: string, isWritable: boolean) {
    this.#disk = disk;
    this.#file = file;
    this.#path = path;
    this.#isWritable = isWritable;
  }

  size(): Promise<number> {
    return this.#call('size', () => this.#file.size);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#call('read', () => this.#file.read(into, position), extent(position, into.length));
  }

  /**
   * The bytes reach the page cache in two steps: a process that dies in between, or an error, leaves a part
   * of them, or all.
   */
  write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    const bytes = Buffer.concat(buffers);
    const first = this.#disk.random.pick([0, bytes.length, this.#disk.random.between(0, bytes.length)]);
    if (this.#isUsable()) this.#put(bytes.subarray(0, first), position);
    const rest = () => {
      this.#demandWritable();
      if (this.#put(bytes, position) < bytes.length) throw systemError('ENOSPC', this.#path);
    };
    return this.#call('write', rest, extent(position, bytes.length));
  }

  sync(): Promise<void> {
    const mark = this.#file.mark();
    const failed = () => this.#file.failToPersist(mark, this.#disk.random);
    return this.#call('sync', () => this.#file.persist(mark), '', failed);
  }

  truncate(size: number): Promise<void> {
    const cut = () => {
      this.#demandWritable();
      this.#file.truncate(size);
    };
    return this.#call('truncate', cut, ` to ${size}`);
  }

  close(): Promise<void> {
    return this.#call('close', () => {
      this.#isOpen = false;
    });
  }

  #isUsable(): boolean {
    return this.#isOpen && this.#isWritable && this.#disk.isAlive;
  }

  #demandWritable(): void {
    if (!this.#isWritable) throw systemError('EBADF', this.#path);
  }

  /** Writes what fits on the disk, and answers how much that was. */
  #put(bytes: Buffer, position: number): number {
    const growth = position + bytes.length - this.#file.size;
    const missing = growth > 0 ? Math.max(0, growth - this.#disk.storage.free()) : 0;
    const fitting = Math.max(0, bytes.length - missing);
    if (fitting > 0) this.#file.write(bytes.subarray(0, fitting), position);
    return fitting;
  }

  #call<T>(kind: DiskCallKind, effect: () => T, detail = '', failed?: () => void): Promise<T> {
    const guarded = () => {
      if (!this.#isOpen) throw systemError('EBADF', this.#path);
      return effect();
    };
    return this.#disk.call(kind, this.#path, guarded, detail, failed);
  }
}

function extent(position: number, length: number): string {
  return ` ${position}..${position + length}`;
}
