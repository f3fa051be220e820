import { isSystemError } from '../src/env/disk.ts';
import { servicesDirectory } from '../src/server/storage.ts';
import { formsOf, keysOn } from './sealed.ts';
import type { StoredFile } from './stored-file.ts';
import type { World } from './world.ts';

/** The variable that has the root key of sealed worlds. */
const variable = 'MILLRACE_SIMULATED_ROOT_KEY';

/** What clients of a world put, and partition keys as they stand in front of it (harness/model.ts). */
const plaintext = /r\d+:r\d+\.|key-\d/;

/** What stands in every item and definition of the tables (harness/tables.ts). */
const ofTables = /leaseKey|leaseOwner|leases|counters/;

/**
 * Watches that a data directory whose streams are all encrypted shows nothing of them, nor what is in tables.
 */
export class Seal {
  readonly #world: World;
  readonly #secret: Buffer;
  readonly rootKey = `env:${variable}`;

  constructor(world: World) {
    this.#world = world;
    this.#secret = Buffer.alloc(32, 'the root key of a sealed world');
    process.env[variable] = this.#secret.toString('hex');
  }

  /** Looks for what is in records and in tables, in every file as it is now. */
  search(): void {
    this.#searchIn('.', plaintext);
    this.#searchIn(servicesDirectory, ofTables);
  }

  #searchIn(directory: string, text: RegExp): void {
    for (const file of this.#filesIn(directory)) {
      const found = text.exec(file.text());
      if (found !== null) this.#world.violate(`seal: a file shows ${found[0]}`);
    }
  }

  #filesIn(directory: string): readonly StoredFile[] {
    try {
      return this.#world.storage.filesIn(directory);
    } catch (error) {
      // The first start has not made it.
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  /** The same once no server runs, and for all keys. No nonce may have come twice with one of them. */
  async searchForKeys(): Promise<void> {
    this.search();
    const { process, env } = this.#world.boot();
    const { secrets, nonces } = await keysOn(env.disk, this.#secret, env.random);
    this.#world.kill(process);
    const forms = secrets.flatMap(formsOf).map((bytes) => bytes.toString('latin1'));
    for (const file of this.#world.storage.filesIn('.')) {
      const text = file.text();
      if (forms.some((form) => text.includes(form))) this.#world.violate('seal: a file shows a key');
    }
    for (const used of nonces.values())
      if (new Set(used).size < used.length) this.#world.violate('seal: a nonce came twice');
    if (secrets.length < 2) this.#world.violate('seal: nothing was encrypted');
  }
}
