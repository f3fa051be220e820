import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, chown, copyFile, lstat, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FolderAccess, ProgramFile, TemporaryFolder } from './processes.ts';

/**
 * Temporary folders, in one that is removed when this process ends: by itself, or, where it was killed, by a
 * shell that waits for that. Only a machine that loses its power leaves them behind.
 */
export class TemporaryFolders {
  /** Whether other users are to reach those that they may look into. */
  readonly #isShared: boolean;
  #root: Promise<Root> | undefined;
  readonly #copies = new Map<string, Promise<string>>();
  #made = 0;

  constructor(isShared: boolean) {
    this.#isShared = isShared;
  }

  async make(files: Files, { user, isWritable = false }: FolderAccess = {}): Promise<TemporaryFolder> {
    const path = join((await this.#open()).path, String(++this.#made));
    const owner = this.#isShared ? user : undefined;
    await mkdir(path, { mode: 0o700 });
    try {
      await write(path, files, owner !== undefined);
      // Last: from here on its user may look into it.
      if (owner !== undefined) await share(path, owner, isWritable);
    } catch (error) {
      await rm(path, { recursive: true, force: true });
      throw error;
    }
    return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
  }

  readableCopy(file: URL): Promise<string> {
    const copy = this.#copies.get(file.href) ?? this.#copy(fileURLToPath(file));
    this.#copies.set(file.href, copy);
    return copy;
  }

  async #copy(path: string): Promise<string> {
    if (!this.#isShared) return path;
    const copy = join((await this.#open()).path, `${++this.#made}-${path.split(sep).at(-1)}`);
    await copyFile(path, copy);
    await chmod(copy, 0o644);
    return copy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const root = await this.#root;
    if (root === undefined) return;
    await rm(root.path, { recursive: true, force: true, maxRetries: 3 });
    root.custodian.stdin!.end();
  }

  #open(): Promise<Root> {
    this.#root ??= this.#makeRoot();
    return this.#root;
  }

  async #makeRoot(): Promise<Root> {
    const path = await mkdtemp(join(tmpdir(), 'millrace-'));
    const custodian = custodianOf(path);
    // Who knows a name in it may go there; nobody may list it.
    await chmod(path, this.#isShared ? 0o711 : 0o700);
    return { path, custodian };
  }
}

type Files = Iterable<ProgramFile> | AsyncIterable<ProgramFile>;

type Root = { readonly path: string; readonly custodian: ChildProcess };

/**
 * Removes a folder when the pipe from this process closes. In a session of its own, it does not hear the
 * signals that this process gets from a terminal.
 */
function custodianOf(path: string): ChildProcess {
  const script = 'trap "" HUP INT TERM; read -r _; rm -rf -- "$1"';
  const custodian = spawn('/bin/sh', ['-c', script, 'sh', path], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without it, the folder is removed at an orderly end.
  custodian.on('error', () => {});
  custodian.stdin!.on('error', () => {});
  custodian.unref();
  (custodian.stdin as { unref?: () => void } | null)?.unref?.();
  return custodian;
}

async function write(root: string, files: Files, isShared: boolean): Promise<void> {
  const made = new Set([root]);
  for await (const { path, bytes, isExecutable } of files) {
    const at = resolve(root, path);
    if (!at.startsWith(root + sep)) throw new Error(`${path} is not within its folder`);
    await makeFolders(dirname(at), made, isShared);
    const mode = isExecutable ? 0o755 : 0o644;
    // A new file: nothing that is there is followed.
    await writeFile(at, bytes, { flag: 'wx', mode });
    // This process may have been started so that others read nothing of what it writes.
    if (isShared) await chmod(at, mode);
  }
}

async function makeFolders(path: string, made: Set<string>, isShared: boolean): Promise<void> {
  if (made.has(path)) return;
  await makeFolders(dirname(path), made, isShared);
  await mkdir(path);
  if (isShared) await chmod(path, 0o755);
  made.add(path);
}

/** What is not writable stays this user's: its user cannot change its modes. */
async function share(path: string, { uid, gid }: { uid: number; gid: number }, isWritable: boolean) {
  const { uid: own } = await lstat(path);
  await chown(path, isWritable ? uid : own, gid);
  await chmod(path, isWritable ? 0o700 : 0o750);
}
