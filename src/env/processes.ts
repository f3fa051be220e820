import type { Millis } from './clock.ts';

/** Other programs of this machine, and folders for what they need. */
export interface Processes extends AsyncDisposable {
  /**
   * Starts a program. Never throws: a program that cannot be started has ended, and says why. It is ended
   * with all processes that it has started, and does not outlive this one, however this one ends.
   */
  start(program: Program): RunningProcess;
  /**
   * A new folder of temporary files, which is gone when this process has ended, however it ends, and which
   * other users cannot look into; with files at paths relative to it, in folders that are made. Rejects with
   * the system's error.
   */
  folderWith(
    files: Iterable<ProgramFile> | AsyncIterable<ProgramFile>,
    access?: FolderAccess,
  ): Promise<TemporaryFolder>;
  /** The absolute path at which programs of other users can read a file that is part of this program. */
  readableCopy(file: URL): Promise<string>;
  /**
   * As whom programs whose code is in a folder run: as its owner, where this process may choose. Undefined
   * for this user. Rejects with the system's error, for example ENOENT.
   */
  ownerOf(folder: string): Promise<ProgramUser | undefined>;
  /**
   * Calls `changed` after files in a folder, or in folders in it, were changed, once for many at a time, from
   * when it resolves. What is in `node_modules` or in folders whose names begin with a dot does not count.
   * Rejects with the system's error.
   */
  watch(folder: string, changed: () => void): Promise<Disposable>;
  /** How programs are kept apart from this one and from each other. */
  readonly isolation: Isolation;
  readonly known: KnownPrograms;
}

/**
 * `none`: programs are this user's processes. `user`: each runs as a user of its own. `namespaces`: besides,
 * it sees no other processes.
 */
export type Isolation = 'none' | 'user' | 'namespaces';

export type ProgramUser = { readonly uid: number; readonly gid: number };

/** `user` is who may look into a folder besides this one, where programs run as another one. */
export type FolderAccess = {
  readonly user?: ProgramUser | undefined;
  /** Whether that user may write into it. */
  readonly isWritable?: boolean;
};

/** Where to find what runs code, as commands for `Program`. */
export type KnownPrograms = {
  /** The Node that runs this process. */
  readonly node: string;
  readonly python: string;
  /** `PATH` of this process. */
  readonly searchPath: string;
};

export type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** All of it: nothing of this process's own is handed on. Names are letters, digits and `_`. */
  readonly environment: Readonly<Record<string, string>>;
  /** As whom it runs where this process may choose; undefined for this user. */
  readonly user?: ProgramUser | undefined;
  /** Told what it writes to stdout and stderr, in pieces as they come. */
  readonly output: (piece: Buffer) => void;
};

export type ProgramFile = {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
};

export interface TemporaryFolder {
  /** Absolute. */
  readonly path: string;
  /** Rejects with the system's error. */
  remove(): Promise<void>;
}

export interface RunningProcess {
  /** Resolves when it has ended and all of its output was told. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends it at once, with all that it has started. Repeating it is harmless. */
  kill(): void;
  /** What it holds of the machine's memory with all that it has started; undefined when that is not known. */
  memoryBytes(): Promise<number | undefined>;
}

/** Either of `code` and `signal`; `error` for a program that could not be started. */
export type ProcessEnd = {
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
  readonly error?: Error | undefined;
};

/** How long many changes of files count as one. */
export const watchQuietMs: Millis = 100;
