import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Workshop } from './workshop.ts';

/** Segments of a data directory, as files. */
export class DataFiles {
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.paths = paths;
  }

  /**
   * Has the kernel keep nothing of them in memory; what is dirty stays. dd of GNU coreutils: "drop cache for
   * the whole file".
   */
  forget(): void {
    for (const path of this.paths) {
      execFileSync('dd', [`if=${path}`, 'of=/dev/null', 'iflag=nocache', 'count=0', 'status=none']);
    }
  }

  /** Reads all of them, one after the other, on the server's processor. */
  async read(workshop: Workshop): Promise<{ bytes: number; seconds: number }> {
    return await workshop.ask('server', join(import.meta.dirname, 'servers', 'reader.ts'), this.paths);
  }
}

/** All segments of all streams below a server's directory. */
export function segments(directory: string): DataFiles {
  return new DataFiles(globSync(join(directory, 'data', 'streams', '*', '*.log')).sort());
}

/** The last of each stream: those that may have ended in the middle of something. */
export function activeSegments(directory: string): DataFiles {
  const streams = Map.groupBy(segments(directory).paths, dirname);
  return new DataFiles([...streams.values()].map((paths) => paths.at(-1)!));
}
