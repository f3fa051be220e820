import { detached } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import type { Processes, ProgramUser, TemporaryFolder } from '../../../env/processes.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { CodeStore } from '../code/code-store.ts';
import { unzip } from '../code/zip.ts';
import { lambdaError } from '../errors.ts';
import { type FunctionCode, functionKeyOf } from '../state/lambda-state.ts';
import type { RunnableFunction } from './function-runner.ts';
import { FunctionUsers } from './function-users.ts';

/** Where a process finds its code, and as whom it runs. */
export type CodeFolder = {
  readonly path: string;
  readonly user: ProgramUser | undefined;
  /** For what the processes of a version make of its code, to begin faster. */
  readonly cache: string;
};

export type HeldCode = CodeFolder & {
  /** What was unpacked is removed when nobody holds it any more. To be called once. */
  readonly release: () => void;
};

/** The code of versions, unpacked once for all of a version's processes. */
export class CodeFolders {
  readonly #store: Pick<CodeStore, 'get'>;
  readonly #logger: Logger;
  readonly #users = new FunctionUsers();
  readonly #held = new Map<string, Held>();

  constructor(store: Pick<CodeStore, 'get'>, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /**
   * Rejects with InvalidZipFileException for a zip that cannot be unpacked, with `DamagedError` for one that
   * is not what was put, and with the system's error.
   */
  async hold(processes: Processes, function_: RunnableFunction): Promise<HeldCode> {
    const { code } = function_.settings;
    const key = `${function_.id} ${code.kind === 'zip' ? code.sha256 : pathOf(code)}`;
    const held = this.#held.get(key) ?? { opening: this.#open(processes, function_), holders: 0 };
    this.#held.set(key, held);
    held.holders += 1;
    try {
      const { folder } = await held.opening;
      return { ...folder, release: () => this.#release(key, held) };
    } catch (error) {
      this.#release(key, held);
      throw error;
    }
  }

  #release(key: string, held: Held): void {
    held.holders -= 1;
    if (held.holders > 0) return;
    this.#held.delete(key);
    const removed = held.opening.then(
      ({ folders }) => Promise.all(folders.map((folder) => folder.remove())),
      () => {}, // There is nothing to be removed.
    );
    detached(removed, (error) => this.#logger.warn('unpacked code could not be removed', { error }));
  }

  async #open(processes: Processes, function_: RunnableFunction): Promise<Opened> {
    const { code } = function_.settings;
    if (code.kind !== 'zip') {
      const path = pathOf(code);
      const user = await processes.ownerOf(path);
      const cache = await processes.folderWith([], { user, isWritable: true });
      return { folder: { path, user, cache: cache.path }, folders: [cache] };
    }
    const user = processes.isolation === 'none' ? undefined : this.#users.of(functionKeyOf(function_));
    const files = await unpacked(await this.#store.get(code.sha256));
    const unzipped = await processes.folderWith(files, { user });
    const cache = await processes.folderWith([], { user, isWritable: true });
    return { folder: { path: unzipped.path, user, cache: cache.path }, folders: [unzipped, cache] };
  }
}

function pathOf(code: FunctionCode): string {
  return code.kind === 'folder' ? code.path : '';
}

/** AWS has another error for a zip that is wrong by the time that it is run. */
async function unpacked(zip: Buffer) {
  try {
    return await unzip(zip);
  } catch (error) {
    if (error instanceof ServiceError) throw lambdaError('InvalidZipFileException', error.message);
    throw error;
  }
}

type Opened = { readonly folder: CodeFolder; readonly folders: readonly TemporaryFolder[] };

type Held = { readonly opening: Promise<Opened>; holders: number };
