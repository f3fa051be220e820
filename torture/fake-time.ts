import { existsSync, globSync, writeFileSync } from 'node:fs';

/** Why the clock of a process cannot be set apart from the machine's. */
export function fakeTimeObstacle(): string | undefined {
  return findLibrary() === undefined ? 'needs libfaketime (apt-get install libfaketime)' : undefined;
}

/** A wall clock for processes that are started with these variables, as far off as was set last. */
export class FakeTime {
  readonly #file: string;

  /** It is kept in a file of this directory, and right at first. */
  constructor(directory: string, name = 'offset') {
    this.#file = `${directory}/${name}`;
    this.set(0);
  }

  /** For a process that looks at the file each time it looks at the clock, or that is hasty: each second. */
  variables(manner: 'at once' | 'each second'): Record<string, string> {
    return {
      LD_PRELOAD: findLibrary()!,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      ...(manner === 'at once' ? { FAKETIME_NO_CACHE: '1' } : { FAKETIME_CACHE_DURATION: '1' }),
    };
  }

  set(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`);
  }
}

function findLibrary(): string | undefined {
  return globSync('/usr/lib{,64,/*}/faketime/libfaketimeMT.so.1').find((path) => existsSync(path));
}
