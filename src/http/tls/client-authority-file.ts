import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { faultOfAuthorities } from './key-pair.ts';
import { messageOf, WatchedFiles, type WatchWorld } from './watched-files.ts';

/**
 * The user's file of the authorities that certify clients, read again when it changes: revocation lists are
 * replaced often.
 */
export class ClientAuthorityFile {
  readonly #watched: WatchedFiles<string>;
  #pem: string;

  /** Rejects with `StartError` when the file is of no use. */
  static async open(path: string, world: WatchWorld): Promise<ClientAuthorityFile> {
    try {
      return new ClientAuthorityFile(path, usable(await read(path)), world);
    } catch (error) {
      throw new StartError(`cannot use ${path} for clients: ${messageOf(error)}`, { cause: error });
    }
  }

  constructor(path: string, pem: string, world: WatchWorld) {
    this.#pem = pem;
    const source = {
      read: () => read(path),
      textOf: (found: string) => found,
      take: (found: string) => {
        this.#pem = usable(found);
      },
      replaced: 'the authorities of clients were replaced',
      useless: 'the new authorities of clients are of no use, the old ones stay',
      fields: { file: path },
    };
    this.#watched = new WatchedFiles(source, pem, world);
  }

  /** Its text, as it was when it was last of use. */
  get pem(): string {
    return this.#pem;
  }

  close(): void {
    this.#watched.close();
  }

  /** Looks at the file now. */
  look(): Promise<void> {
    return this.#watched.look();
  }
}

async function read(path: string): Promise<string> {
  return String(await readUserFile(path));
}

function usable(pem: string): string {
  const fault = faultOfAuthorities(pem);
  if (fault !== undefined) throw new Error(fault);
  return pem;
}
