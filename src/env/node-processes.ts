import { stat } from 'node:fs/promises';
import { detached } from './detached.ts';
import { watchFolder } from './node-folder-watch.ts';
import { isolationHere } from './node-isolation.ts';
import { startProgram } from './node-program.ts';
import { TemporaryFolders } from './node-temporary-folders.ts';
import type {
  FolderAccess,
  Isolation,
  KnownPrograms,
  Processes,
  Program,
  ProgramFile,
  ProgramUser,
  RunningProcess,
  TemporaryFolder,
} from './processes.ts';

/**
 * This machine's programs, kept apart as far as this user and the tools there allow, and at most so far:
 * which is tried out. `MILLRACE_PYTHON` in the environment names the Python.
 */
export async function nodeProcesses(
  environment: Readonly<Record<string, string | undefined>>,
  isolationMax: Isolation = 'namespaces',
): Promise<Processes> {
  const known = {
    node: process.execPath,
    python: environment['MILLRACE_PYTHON'] || 'python3',
    searchPath: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  };
  return new NodeProcesses(await isolationHere(isolationMax, known), known);
}

class NodeProcesses implements Processes {
  readonly isolation: Isolation;
  readonly known: KnownPrograms;
  readonly #folders: TemporaryFolders;
  readonly #running = new Set<RunningProcess>();

  constructor(isolation: Isolation, known: KnownPrograms) {
    this.isolation = isolation;
    this.known = known;
    this.#folders = new TemporaryFolders(isolation !== 'none');
  }

  start(program: Program): RunningProcess {
    const running = startProgram(program, this.isolation);
    this.#running.add(running);
    const forget = running.ended.then(() => this.#running.delete(running));
    detached(forget, () => {});
    return running;
  }

  folderWith(
    files: Iterable<ProgramFile> | AsyncIterable<ProgramFile>,
    access?: FolderAccess,
  ): Promise<TemporaryFolder> {
    return this.#folders.make(files, access);
  }

  readableCopy(file: URL): Promise<string> {
    return this.#folders.readableCopy(file);
  }

  async ownerOf(folder: string): Promise<ProgramUser | undefined> {
    const { uid, gid } = await stat(folder);
    return this.isolation === 'none' || uid === process.getuid?.() ? undefined : { uid, gid };
  }

  watch(folder: string, changed: () => void): Promise<Disposable> {
    return watchFolder(folder, changed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#running];
    for (const one of running) one.kill();
    await Promise.all(running.map(({ ended }) => ended));
    await this.#folders[Symbol.asyncDispose]();
  }
}
