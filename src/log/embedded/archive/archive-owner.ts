import { readFile } from '../../../env/disk.ts';
import { type FoundObject, ObjectStoreError } from '../../../env/object-store.ts';
import { StartError } from '../../../env/start-error.ts';
import { DamagedError, NewerFormatError } from '../../log.ts';
import type { EngineParts } from '../engine-parts.ts';
import { checkedText, withChecksum } from '../format/checked-text.ts';
import { replaceFile } from '../write/new-file.ts';
import type { ArchiveStore } from './archive-store.ts';
import { ownerName } from './object-names.ts';

/** The file beside the streams' directories that says which archive is theirs. No stream's id begins so. */
export const archiveIdName = '_archive';

/**
 * What the directory remembers: its name in the archive, and the starts of servers that may stand in the
 * owner's object, in their order: the one that was found there last, and all since. Each of them may have
 * been killed while its request was on its way, which then comes as late as it likes.
 */
type Known = { readonly version: 1; readonly directory: string; readonly servers: readonly string[] };

/** What the object says: whose archive it is, and which start has it. */
type Owner = { readonly format: 1; readonly directory: string; readonly server: string };

/**
 * That an archive is this server's: a data directory that is used by two, once it was copied, or two
 * directories with one archive, would remove what the other one needs.
 */
export class ArchiveOwner {
  readonly #engine: EngineParts;
  readonly #store: ArchiveStore;
  /** That of the object, since it is this server's. */
  #etag: string | undefined;

  constructor(engine: EngineParts, store: ArchiveStore) {
    this.#engine = engine;
    this.#store = store;
  }

  get isKnown(): boolean {
    return this.#etag !== undefined;
  }

  /**
   * Takes the archive. Rejects with `StartError` when it is another's, and as the store does. What was begun
   * and not finished is done by the next call.
   */
  async take(signal?: AbortSignal): Promise<void> {
    let found = await this.#store.get(ownerName, signal);
    const known = await this.#known();
    if (found !== undefined && !isOurs(found, known)) throw this.#refusal();
    const next = this.#nextOf(known, found);
    await this.#note(next);
    const server = next.servers.at(-1)!;
    const owner: Owner = { format: 1, directory: next.directory, server };
    const bytes = Buffer.from(JSON.stringify(owner));
    for (let looks = 0; ; looks++) {
      const condition = found === undefined ? { ifNone: true } : { ifMatch: found.etag };
      const how = { ...condition, contentType: 'application/json' };
      try {
        this.#etag = (await this.#store.put(ownerName, [bytes], how, signal)).etag;
        return;
      } catch (error) {
        if (!(error instanceof ObjectStoreError && error.code === 'PreconditionFailed')) throw error;
      }
      // The request of a start that was killed may have come in between.
      found = await this.#store.get(ownerName, signal);
      if (looks === looksMax || (found !== undefined && !isOurs(found, next))) throw this.#refusal();
    }
  }

  /** What is to be remembered before the object names a new start. */
  #nextOf(known: Known | undefined, found: FoundObject | undefined): Known {
    const { random } = this.#engine.env;
    const server = random.bytes(16).toString('hex');
    const directory = known?.directory ?? random.bytes(16).toString('hex');
    const servers = known?.servers ?? [];
    // Requests of those before the one that is there have conditions that hold no more.
    const there = found && ownerIn(found.body)?.server;
    const since = servers.slice(there === undefined ? 0 : servers.indexOf(there) + 1);
    const last = [...since, server].slice(-serversMax);
    return { version: 1, directory, servers: there === undefined ? last : [there, ...last] };
  }

  /** Rejects with `StartError` when another has taken the archive since. */
  async require(signal?: AbortSignal): Promise<void> {
    const found = await this.#store.head(ownerName, signal);
    if (found?.etag !== this.#etag) throw this.#refusal();
  }

  #refusal(): StartError {
    return new StartError(
      `the archive ${this.#store.textOf('')} is of another data directory, or another copy of this one has used it since: see ${this.#store.textOf(ownerName)}`,
    );
  }

  async #known(): Promise<Known | undefined> {
    const { env, directory } = this.#engine;
    if (!(await env.disk.list(directory)).includes(archiveIdName)) return undefined;
    const path = `${directory}/${archiveIdName}`;
    const text = checkedText(await readFile(env.disk, path));
    const known = text === undefined ? undefined : (JSON.parse(text) as Known);
    if (known === undefined) throw new DamagedError(`${path} is damaged.`);
    if (known.version !== 1) throw new NewerFormatError(`${path} was written by a newer Millrace.`);
    return known;
  }

  #note(known: Known): Promise<void> {
    const { directory } = this.#engine;
    return replaceFile(this.#engine, directory, archiveIdName, [withChecksum(JSON.stringify(known))]);
  }
}

/**
 * The file of a directory that takes the archive of another one from its next start on. Rejects with
 * `StartError` when nobody has the archive.
 */
export async function successorNote(store: ArchiveStore): Promise<Buffer> {
  const found = await store.get(ownerName);
  const owner = found && ownerIn(found.body);
  if (owner === undefined) throw new StartError(`${store.textOf(ownerName)} is not there, or damaged`);
  const { directory, server } = owner;
  return withChecksum(JSON.stringify({ version: 1, directory, servers: [server] } satisfies Known));
}

/** Undefined when it is none. */
function ownerIn(body: Buffer): Owner | undefined {
  try {
    const owner = JSON.parse(String(body)) as Partial<Owner> | null;
    const { format, directory, server } = owner ?? {};
    return format === 1 && typeof directory === 'string' && typeof server === 'string'
      ? { format, directory, server }
      : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function isOurs({ body }: FoundObject, known: Known | undefined): boolean {
  const owner = ownerIn(body);
  return owner?.directory === known?.directory && known?.servers.includes(owner?.server ?? '') === true;
}

/** So many starts one after the other may be killed with their requests on the way. */
const serversMax = 64;

/** How often the object may change between a look and the request after it. */
const looksMax = 8;
