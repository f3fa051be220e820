import { strict as assert } from 'node:assert';
import { isRefusedBySystem, isSystemError } from '../../env/disk.ts';
import type { Log, ShardKey } from '../log.ts';
import { defaultOptions, Engine, type EngineEnv, type EngineOptions } from './engine.ts';
import { streamIdBytesMax } from './format/segment-header.ts';
import { encodeEnds, endsName, type LogEnds, readEnds, writeEnds } from './recover/ends.ts';
import type { EmbeddedShardLog } from './write/shard-log.ts';
import { StreamLog } from './write/stream-log.ts';

/**
 * The engine that keeps its logs in files: a directory per stream, in it segments that the stream's shards
 * share. Streams are recovered when they are opened first; a damaged one rejects then, with `DamagedError`,
 * and harms no other. Nobody else may use the directory meanwhile; with a lock the process ends when somebody
 * may.
 */
export async function openEmbeddedLog(
  env: EngineEnv,
  directory: string,
  options: Partial<EngineOptions> = {},
): Promise<Log> {
  await env.disk.createDirectory(directory);
  const engine = new Engine(env, directory, { ...defaultOptions, ...options });
  const names = await env.disk.list(directory);
  if (names.length > 0 && engine.options.graceMs > 0) {
    env.logger.warn('The lock was missing: waiting for whoever may have had it.', { directory });
    await env.clock.sleep(engine.options.graceMs);
  }
  for (const name of names) {
    if (name.endsWith(dropped)) await removeDropped(engine, `${directory}/${name}`);
  }
  return new EmbeddedLog(engine, await endsIn(engine, names));
}

async function endsIn(engine: Engine, names: readonly string[]): Promise<LogEnds> {
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

class EmbeddedLog implements Log {
  readonly #engine: Engine;
  readonly #streams = new Map<string, Promise<StreamLog>>();
  readonly #dropping = new Set<Promise<void>>();
  readonly #dropped = new Set<string>();
  /** As they were noted last. */
  #noted: LogEnds;
  /** Notes are written one after the other. */
  #noting: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(engine: Engine, noted: LogEnds) {
    this.#engine = engine;
    this.#noted = noted;
  }

  async open({ stream, shard }: ShardKey): Promise<EmbeddedShardLog> {
    assert(isStreamId(stream));
    if (this.#closed) throw new Error('The log is closed.');
    return (await this.#stream(stream)).shard(shard);
  }

  async drop(stream: string): Promise<void> {
    assert(isStreamId(stream));
    const opened = this.#streams.get(stream);
    this.#streams.delete(stream);
    this.#dropped.add(stream);
    const dropping = this.#drop(stream, opened).finally(() => this.#dropping.delete(dropping));
    this.#dropping.add(dropping);
    return dropping;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const streams = await Promise.allSettled(this.#streams.values());
    await Promise.allSettled(this.#dropping);
    for (const stream of streams) if (stream.status === 'fulfilled') await stream.value.close();
    await this.#noteEnds();
    await this.#engine.files.close();
  }

  /** What is noted of a stream that was not opened is as true as before. */
  async #noteEnds(): Promise<void> {
    const ends = new Map([...this.#noted].filter(([stream]) => !this.#dropped.has(stream)));
    for (const [stream, opened] of this.#streams) {
      const [outcome] = await Promise.allSettled([opened]);
      const end = outcome.status === 'fulfilled' ? outcome.value.end : undefined;
      if (end !== undefined) ends.set(stream, end);
    }
    if (encodeEnds(ends).equals(encodeEnds(this.#noted))) return;
    try {
      await writeEnds(this.#engine, ends);
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      const { directory, env } = this.#engine;
      env.logger.warn('Could not note where the logs end.', { directory, error: error.message });
    }
  }

  /** A stream that could not be opened is tried anew by the next. */
  #stream(stream: string): Promise<StreamLog> {
    const known = this.#streams.get(stream);
    if (known !== undefined) return known;
    const opened = this.#openStream(stream);
    this.#streams.set(stream, opened);
    opened.catch(() => {
      if (this.#streams.get(stream) === opened) this.#streams.delete(stream);
    });
    return opened;
  }

  async #openStream(stream: string): Promise<StreamLog> {
    const noted = this.#noted.get(stream);
    const opened = await StreamLog.open(this.#engine, stream, noted);
    // It was dropped. What begins anew is not to be measured by what was.
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

  /** Also a damaged stream can be dropped. */
  async #drop(stream: string, opened: Promise<StreamLog> | undefined): Promise<void> {
    const remove = async () => {
      await this.#engine.requireOwnership();
      await dropDirectory(this.#engine, stream);
    };
    const [outcome] = await Promise.allSettled([opened]);
    await (outcome.status === 'fulfilled' && outcome.value !== undefined
      ? outcome.value.drop(remove)
      : remove());
  }
}

async function dropDirectory(engine: Engine, stream: string): Promise<void> {
  const { disk } = engine.env;
  const path = `${engine.directory}/${stream}`;
  try {
    await disk.rename(path, path + dropped);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  await removeDropped(engine, path + dropped);
}

/**
 * Once the directory's new name is durable the stream is gone, and not before that anything in it is removed;
 * what a crash keeps from being removed, the next start removes.
 */
async function removeDropped(engine: Engine, path: string): Promise<void> {
  const { disk } = engine.env;
  await engine.makeDurable(engine.directory, () => disk.syncDirectory(engine.directory));
  for (const name of await disk.list(path)) await disk.remove(`${path}/${name}`);
  await disk.removeDirectory(path);
}

/** Ids become names of directories. */
function isStreamId(stream: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(stream) &&
    stream.length <= streamIdBytesMax &&
    !stream.endsWith(dropped)
  );
}

/** What the name of a stream's directory ends with when the stream is gone. */
const dropped = '.dropped';
