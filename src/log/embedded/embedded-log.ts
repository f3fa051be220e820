import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { isSystemError } from '../../env/disk.ts';
import type { Offset } from '../../kinesis/record.ts';
import { DroppedStreams } from '../dropped-streams.ts';
import {
  type Appended,
  DamagedError,
  DroppedError,
  type Engine,
  type NewBatch,
  type Position,
  type ReadRequest,
  type ShardKey,
  type Slice,
} from '../log.ts';
import { archiveNoteName } from './archive/archive-note.ts';
import {
  defaultOptions,
  droppedSuffix,
  type EngineEnv,
  type EngineOptions,
  EngineParts,
} from './engine-parts.ts';
import { streamIdBytesMax } from './format/segment-header.ts';
import { encodeEnds, endsName, type LogEnds, readEnds, writeEnds } from './recover/ends.ts';
import type { Segment } from './segment.ts';
import type { ShardLog } from './write/shard-log.ts';
import { StreamLog } from './write/stream-log.ts';

/** An engine whose streams lie in files, and can be archived. */
export interface EmbeddedEngine extends Engine {
  /** What its streams share, for what archives them. */
  readonly parts: EngineParts;
  /** The streams that are open now. */
  streams(): Iterable<StreamLog>;
  /** The files of all streams that are sound, and how much of each is durable at one moment. */
  files(): Promise<readonly DurableFile[]>;
}

/** A segment's file, from its beginning on: so many bytes, or all of it. */
export type DurableFile = Pick<Segment, 'path' | 'epoch'> & { readonly bytes: number | undefined };

function durableFileOf({ path, epoch, end, index }: Segment): DurableFile {
  return { path, epoch, bytes: index === undefined ? undefined : end };
}

/**
 * The engine that keeps its logs in files: a directory per stream, in it segments that the stream's shards
 * share. Streams are recovered when they are opened first; a damaged one rejects then, with `DamagedError`,
 * and harms no other. No other process may use the directory meanwhile; with a lock this one ends when
 * another may.
 */
export async function openEmbeddedLog(
  env: EngineEnv,
  directory: string,
  options: Partial<EngineOptions> = {},
): Promise<EmbeddedEngine> {
  await env.disk.createDirectory(directory);
  const engine = new EngineParts(env, directory, { ...defaultOptions, ...options });
  const names = await env.disk.list(directory);
  if (names.length > 0 && engine.options.graceMs > 0) {
    env.logger.warn('The lock was missing: waiting for a server that may still have it.', { directory });
    await env.clock.sleep(engine.options.graceMs);
  }
  for (const name of names) {
    if (name.endsWith(droppedSuffix)) await removeDropped(engine, `${directory}/${name}`);
  }
  return new EmbeddedLog(engine, await endsIn(engine, names));
}

async function endsIn(engine: EngineParts, names: readonly string[]): Promise<LogEnds> {
  const ends = await readEnds(engine.env.disk, engine.directory, names);
  if (ends !== undefined) return ends;
  engine.env.logger.warn(
    'The note of where the logs ended is damaged: what is missing at their ends may not be noticed.',
    {
      path: `${engine.directory}/${endsName}`,
    },
  );
  return new Map();
}

class EmbeddedLog implements EmbeddedEngine {
  readonly #engine: EngineParts;
  readonly #streams = new Map<string, OpenStream>();
  readonly #dropping = new Set<Promise<void>>();
  readonly #dropped = new DroppedStreams();
  /** The ends as they were noted last. */
  #noted: LogEnds;
  /** Noted streams that are no more. */
  readonly #outdated = new Set<string>();
  /** Notes are written one after the other. */
  #noting: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(engine: EngineParts, noted: LogEnds) {
    this.#engine = engine;
    this.#noted = noted;
  }

  get parts(): EngineParts {
    return this.#engine;
  }

  /** As it changes, so do the answers. */
  *streams(): Iterable<StreamLog> {
    for (const { log } of this.#streams.values()) if (log !== undefined) yield log;
  }

  /** Of a stream that is not open yet nothing is written, until then. */
  async files(): Promise<readonly DurableFile[]> {
    const { env, directory } = this.#engine;
    for (const name of await env.disk.list(directory)) {
      if (isStreamId(name) && !this.#dropped.has(name)) await this.#tryToOpen(name);
    }
    return [...this.streams()].flatMap(({ segments }) => segments.map(durableFileOf));
  }

  /** A stream that is damaged stays closed, and one that was dropped. */
  async #tryToOpen(stream: string): Promise<void> {
    try {
      await this.#opened({ stream, shard: 0 }, async () => {});
    } catch (error) {
      if (!(error instanceof DamagedError || error instanceof DroppedError)) throw error;
    }
  }

  async prepare(stream: string): Promise<void> {
    this.#requireAlive(stream);
  }

  append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    const shard = this.#known(key);
    // No function is made on the way of every put.
    return shard === undefined ? this.#opened(key, (it) => it.append(batch)) : shard.append(batch);
  }

  read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    return this.#with(key, (shard) => shard.read(request));
  }

  seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#with(key, (shard) => shard.seek(time));
  }

  position(key: ShardKey): Promise<Position> {
    return this.#with(key, async (shard) => shard.position);
  }

  async grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    try {
      await this.#with(key, (shard) => shard.grown(past, signal));
    } catch {
      // The stream cannot be opened, which a read will say.
    }
  }

  seal(key: ShardKey): Promise<Offset> {
    return this.#with(key, (shard) => shard.seal());
  }

  trim(key: ShardKey, before: Offset): Promise<void> {
    return this.#with(key, (shard) => shard.trim(before));
  }

  async drop(stream: string): Promise<void> {
    assert(isStreamId(stream));
    const open = this.#streams.get(stream);
    this.#streams.delete(stream);
    this.#dropped.add(stream);
    if (this.#noted.has(stream)) this.#outdated.add(stream);
    const dropping = this.#drop(stream, open?.opening).finally(() => this.#dropping.delete(dropping));
    this.#dropping.add(dropping);
    return dropping;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const streams = await Promise.allSettled([...this.#streams.values()].map(({ opening }) => opening));
    await Promise.allSettled(this.#dropping);
    for (const stream of streams) if (stream.status === 'fulfilled') await stream.value.close();
    await this.#noteEnds();
    await this.#engine.files.close();
  }

  /** The note of a stream that was not opened is as true as before. */
  async #noteEnds(): Promise<void> {
    const ends = new Map([...this.#noted].filter(([stream]) => !this.#outdated.has(stream)));
    for (const [stream, { log }] of this.#streams) if (log?.end !== undefined) ends.set(stream, log.end);
    if (encodeEnds(ends).equals(encodeEnds(this.#noted))) return;
    const { directory } = this.#engine;
    await this.#engine.attempt(() => writeEnds(this.#engine, ends), 'Could not note where the logs end.', {
      directory,
    });
  }

  #with<T>(key: ShardKey, work: (shard: ShardLog) => Promise<T>): Promise<T> {
    const shard = this.#known(key);
    return shard === undefined ? this.#opened(key, work) : work(shard);
  }

  #known({ stream, shard }: ShardKey): ShardLog | undefined {
    return this.#isClosed ? undefined : this.#streams.get(stream)?.log?.shard(shard);
  }

  /**
   * Opens the stream first. Calls that wait for it are served in their order, and before any that find it
   * known: it becomes known in the step right before theirs.
   */
  async #opened<T>(key: ShardKey, work: (shard: ShardLog) => Promise<T>): Promise<T> {
    this.#requireAlive(key.stream);
    const open = this.#streams.get(key.stream) ?? this.#open(key.stream);
    return open.opening.then((log) => work(log.shard(key.shard)));
  }

  #requireAlive(stream: string): void {
    if (this.#isClosed) throw new Error('The log is closed.');
    if (this.#dropped.has(stream)) throw new DroppedError('The stream was deleted.');
  }

  /** A stream that could not be opened is tried anew by the next call. */
  #open(stream: string): OpenStream {
    const open: OpenStream = { opening: this.#openStream(stream), log: undefined };
    this.#streams.set(stream, open);
    open.opening.then(
      (log) => {
        open.log = log;
      },
      () => {
        if (this.#streams.get(stream) === open) this.#streams.delete(stream);
      },
    );
    return open;
  }

  async #openStream(stream: string): Promise<StreamLog> {
    assert(isStreamId(stream));
    const noted = this.#noted.get(stream);
    const opened = await StreamLog.open(this.#engine, stream, noted);
    // The stream was dropped. One that begins anew is not to be measured by the old end.
    if (noted !== undefined && opened.end === undefined) await this.#forgetEnd(stream);
    return opened;
  }

  #forgetEnd(stream: string): Promise<void> {
    const forgotten = this.#noting.then(async () => {
      const ends = new Map(this.#noted);
      ends.delete(stream);
      await writeEnds(this.#engine, ends);
      this.#noted = ends;
    });
    this.#noting = forgotten.catch(() => {});
    return forgotten;
  }

  /** A damaged stream can be dropped, too. */
  async #drop(stream: string, opening: Promise<StreamLog> | undefined): Promise<void> {
    const remove = async () => {
      await this.#engine.requireOwnership();
      await dropDirectory(this.#engine, stream);
    };
    const [outcome] = await Promise.allSettled([opening]);
    await (outcome.status === 'fulfilled' && outcome.value !== undefined
      ? outcome.value.drop(remove)
      : remove());
  }
}

/** A stream that is open, or about to be. */
type OpenStream = {
  readonly opening: Promise<StreamLog>;
  /** Known once it is open, so that nothing need be awaited from then on. */
  log: StreamLog | undefined;
};

async function dropDirectory(engine: EngineParts, stream: string): Promise<void> {
  const { disk } = engine.env;
  const path = `${engine.directory}/${stream}`;
  try {
    await disk.rename(path, path + droppedSuffix);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  await removeDropped(engine, path + droppedSuffix);
}

/**
 * The stream is gone once the directory's new name is durable; only then are its files removed. What a crash
 * leaves of them, the next start removes.
 */
async function removeDropped(engine: EngineParts, path: string): Promise<void> {
  const { disk } = engine.env;
  await engine.makeDurable(engine.directory, () => disk.syncDirectory(engine.directory));
  const names = await disk.list(path);
  for (const name of names) if (name !== archiveNoteName) await disk.remove(`${path}/${name}`);
  // What is in a store goes first.
  if (!names.includes(archiveNoteName)) await disk.removeDirectory(path);
}

/** Ids become names of directories. */
function isStreamId(stream: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(stream) &&
    stream.length <= streamIdBytesMax &&
    !stream.endsWith(droppedSuffix)
  );
}
