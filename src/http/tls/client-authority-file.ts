import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { faultOfAuthorities } from './key-pair.ts';

/**
 * The user's file of the authorities that certify clients, read again when it changes, as the server's own
 * certificate is: revocation lists are replaced often.
 */
export class ClientAuthorityFile {
  readonly #path: string;
  readonly #world: World;
  readonly #closed = new AbortController();
  #pem: string;
  /** What was read last, good or bad. */
  #read: string;

  /** Rejects with `StartError` when the file is of no use. */
  static async open(path: string, world: World): Promise<ClientAuthorityFile> {
    try {
      return new ClientAuthorityFile(path, usable(await read(path)), world);
    } catch (error) {
      throw new StartError(`cannot use ${path} for clients: ${messageOf(error)}`, { cause: error });
    }
  }

  constructor(path: string, pem: string, world: World) {
    this.#path = path;
    this.#world = world;
    this.#pem = pem;
    this.#read = pem;
    detached(this.#watch(), unthinkable);
  }

  /** Its text, as it was when it was last of use. */
  get pem(): string {
    return this.#pem;
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.#world.clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      await this.look();
    }
  }

  /** Takes over what is new and good. What is new and bad is logged once, and the old text stays. */
  async look(): Promise<void> {
    let found: string | undefined;
    try {
      found = await read(this.#path);
      if (found === this.#read) return;
      this.#pem = usable(found);
      this.#world.logger.info('the authorities of clients were replaced', { file: this.#path });
    } catch (error) {
      found ??= messageOf(error);
      if (found === this.#read) return;
      const text = 'the new authorities of clients are of no use, the old ones stay';
      this.#world.logger.error(text, { error });
    }
    this.#read = found;
  }
}

type World = Pick<Env, 'clock' | 'logger'>;

const lookMs = 5_000;

async function read(path: string): Promise<string> {
  return String(await readUserFile(path));
}

function usable(pem: string): string {
  const fault = faultOfAuthorities(pem);
  if (fault !== undefined) throw new Error(fault);
  return pem;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
