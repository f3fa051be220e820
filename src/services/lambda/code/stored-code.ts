import type { Clock, Millis } from '../../../env/clock.ts';
import type { Random } from '../../../env/random.ts';
import { DamagedError, DiskReserveError, type Engine } from '../../../log/log.ts';
import { forEach } from '../../../stream/background.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { CodeRecord, LambdaEdit, LambdaJournal, LambdaState } from '../state/lambda-state.ts';
import { readCode, writeCode } from './code-log.ts';
import { type CodeStore, codeBytesMax } from './code-store.ts';

export type CodeWorld = {
  readonly journal: Pick<LambdaJournal, 'state' | 'commit' | 'current'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  /** How many bytes of zips there is room for; as much as AWS has for each account unless it says. */
  readonly bytesMax?: number | undefined;
};

/** The zips in an engine, which several processes may share. Nothing is read before it is asked for. */
export function openCodeStore(engine: Engine, world: CodeWorld): CodeStore {
  return new StoredCode(engine, world);
}

/** How long a zip stays that nothing needs: who has put it may be about to say what does. */
export const unneededMs: Millis = 3_600_000;

class StoredCode implements CodeStore {
  readonly #engine: Engine;
  readonly #world: CodeWorld;
  /** Under way, by hash. */
  readonly #puts = new Map<string, Promise<void>>();
  /** Those whose streams are not what was put: a zip that is put again is written again. */
  readonly #damaged = new Set<string>();

  constructor(engine: Engine, world: CodeWorld) {
    this.#engine = engine;
    this.#world = world;
  }

  get bytes(): number {
    return bytesIn(this.#world.journal.state);
  }

  put(sha256: string, zip: Uint8Array): Promise<void> {
    const known = this.#puts.get(sha256);
    if (known !== undefined) return known;
    const put = this.#put(sha256, zip).finally(() => this.#puts.delete(sha256));
    this.#puts.set(sha256, put);
    return put;
  }

  async get(sha256: string): Promise<Buffer> {
    const { journal } = this.#world;
    if (wholeIn(journal.state, sha256).length === 0) await journal.current();
    let damage = new DamagedError(`the code of a function, ${sha256}, is missing.`);
    for (const [key, record] of wholeIn(journal.state, sha256)) {
      const found = await this.#judge(key, record);
      if (!(found instanceof DamagedError)) return found;
      damage = found;
    }
    throw damage;
  }

  /** Marked first, then dropped, then forgotten: after a crash in between, the next sweep goes on. */
  async sweep(): Promise<void> {
    const { journal, clock } = this.#world;
    const before = clock.now() - unneededMs;
    await journal.commit((state) => {
      const needed = neededIn(state);
      const isOver = ([key, { at, isWhole }]: CodeEntry) =>
        at !== forgotten && at < before && !(isWhole && needed.has(hashIn(key)));
      return [...state.entries('code')].filter(isOver).map(unmade);
    });
    const marked = [...journal.state.entries('code')].filter(([, { at }]) => at === forgotten);
    await forEach(marked, ([key]) => this.#forget(key));
  }

  /** One that is there is read first, so that to put it again mends it. */
  async #put(sha256: string, zip: Uint8Array): Promise<void> {
    const { journal, random } = this.#world;
    for (const [key, record] of wholeIn(journal.state, sha256)) await this.#judge(key, record);
    const key = `${sha256}/lambda-code-${sha256.slice(0, 16)}-${random.bytes(8).toString('hex')}`;
    let known: CodeEntry | undefined;
    await journal.commit((state) => {
      known = wholeIn(state, sha256).find(([of]) => !this.#damaged.has(of));
      if (known === undefined) this.#requireRoom(state, zip.length);
      return [known === undefined ? this.#said(key, zip, false) : this.#said(known[0], zip, true)];
    });
    if (known === undefined) await this.#write(key, zip);
  }

  /** Answers what is there, or why it is damaged. */
  async #judge(key: string, { bytes }: CodeRecord): Promise<Buffer | DamagedError> {
    try {
      return await readCode(this.#engine, streamIn(key), { sha256: hashIn(key), bytes });
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.#damaged.add(key);
      return error;
    }
  }

  async #write(key: string, zip: Uint8Array): Promise<void> {
    try {
      await writeCode(this.#engine, streamIn(key), zip);
    } catch (error) {
      // What cannot be forgotten now is swept later.
      await this.#forget(key).catch(() => {});
      throw error instanceof DiskReserveError ? noRoom() : error;
    }
    await this.#world.journal.commit((state) => {
      const { at = forgotten } = state.get('code', key) ?? {};
      if (at === forgotten) throw new Error('The zip took too long to be written.');
      const damaged = wholeIn(state, hashIn(key)).filter(([of]) => this.#damaged.has(of));
      return [this.#said(key, zip, true), ...damaged.map(unmade)];
    });
  }

  async #forget(key: string): Promise<void> {
    await this.#engine.drop(streamIn(key));
    await this.#world.journal.commit(() => [{ kind: 'forgotten', of: 'code', key }]);
    this.#damaged.delete(key);
  }

  #said(key: string, { length: bytes }: Uint8Array, isWhole: boolean): LambdaEdit {
    return { kind: 'said', of: 'code', key, value: { bytes, isWhole, at: this.#world.clock.now() } };
  }

  #requireRoom(state: LambdaState, bytes: number): void {
    if (bytesIn(state) + bytes > (this.#world.bytesMax ?? codeBytesMax)) throw noRoom();
  }
}

type CodeEntry = readonly [key: string, record: CodeRecord];

/** When one was put that is to be dropped, and that nobody has to write to any more. */
const forgotten: Millis = 0;

function unmade([key, record]: CodeEntry): LambdaEdit {
  return { kind: 'said', of: 'code', key, value: { ...record, isWhole: false, at: forgotten } };
}

function wholeIn(state: LambdaState, sha256: string): CodeEntry[] {
  return [...state.within('code', `${sha256}/`)].filter(([, { isWhole }]) => isWhole);
}

/** The hashes of all code that a function or a version runs. */
function neededIn(state: LambdaState): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const kind of ['function', 'version'] as const) {
    for (const [, { code }] of state.entries(kind)) if (code.kind === 'zip') needed.add(code.sha256);
  }
  return needed;
}

function bytesIn(state: LambdaState): number {
  let sum = 0;
  for (const [, { bytes }] of state.entries('code')) sum += bytes;
  return sum;
}

function hashIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function streamIn(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

/** As AWS says it. */
function noRoom(): ServiceError {
  return new ServiceError('CodeStorageExceededException', 'Code storage limit exceeded.');
}
