import { strict as assert } from 'node:assert';
import type { Millis } from '../../../env/clock.ts';
import { DamagedError } from '../../log.ts';
import { droppedSuffix, type EngineParts } from '../engine-parts.ts';
import type { Segment } from '../segment.ts';
import type { StreamLog } from '../write/stream-log.ts';
import type { ArchivedSegment } from './archive-entry.ts';
import { archiveNoteName } from './archive-note.ts';
import { ArchiveOwner } from './archive-owner.ts';
import type { ArchiveStore } from './archive-store.ts';
import { segmentNamed, segmentObject, streamPrefix } from './object-names.ts';
import { uploadSegment } from './upload.ts';

/**
 * Moves old segments of streams to a store, one at a time, and removes there what no reader can read any
 * more. What it was about to do when the process ended, a later pass finds out and does.
 */
export class Archiver {
  readonly owner: ArchiveOwner;
  readonly store: ArchiveStore;
  readonly #engine: EngineParts;
  readonly afterMs: Millis;
  /** Those below whose oldest segment nothing is left from an earlier run. */
  readonly #swept = new WeakSet<StreamLog>();

  /** The engine is one that was opened with an archive. */
  constructor(engine: EngineParts) {
    const { store, options } = engine;
    assert(store !== undefined && options.archive !== undefined);
    this.#engine = engine;
    this.store = store;
    this.afterMs = options.archive.afterMs;
    this.owner = new ArchiveOwner(engine, store);
  }

  /**
   * Does what is to be done for streams that are open, and for those that were dropped. Answers how many
   * segments were archived. Rejects as the store does, with the system's error, and with `StartError` when
   * the archive is another's.
   */
  async pass(streams: () => Iterable<StreamLog>, signal: AbortSignal): Promise<number> {
    if (!this.owner.isKnown) await this.owner.take(signal);
    await this.#removeDropped(signal);
    for (const stream of streams()) {
      await this.#removeForgotten(stream, signal);
      await stream.turnOver(this.#before);
    }
    let archived = 0;
    // In turns, so that no stream waits for all of another.
    for (let count = -1; count !== archived; ) {
      count = archived;
      for (const stream of streams()) if (await this.#archiveNext(stream, signal)) archived++;
    }
    return archived;
  }

  /** Records that arrived before it are old. */
  get #before(): Millis {
    return this.#engine.env.clock.now() - this.afterMs;
  }

  /** Archives the stream's oldest segment on the disk. False when there is none to be archived. */
  async #archiveNext(stream: StreamLog, signal: AbortSignal): Promise<boolean> {
    const segment = stream.archivable(this.#before);
    if (segment === undefined || signal.aborted) return false;
    await this.owner.require(signal);
    // What is there already is of a stream that had the same id before the directory was restored.
    if (!stream.note.isBegun) await this.#removeAll(streamPrefix(stream.id), signal);
    await stream.beginArchive();
    const { clock } = this.#engine.env;
    const begun = clock.monotonic();
    const entry = await this.#upload(stream, segment, signal);
    if (entry === undefined) return false;
    // It was trimmed or dropped meanwhile.
    if (!(await stream.archive(segment, entry))) await this.#remove(segmentObject(stream.id, entry), signal);
    await clock.sleep((entry.bytes / bytesPerSecondMax) * 1000 - (clock.monotonic() - begun), signal);
    return true;
  }

  /** Undefined when the segment is damaged, which its stream is told, or was removed. */
  async #upload(
    stream: StreamLog,
    segment: Segment,
    signal: AbortSignal,
  ): Promise<ArchivedSegment | undefined> {
    try {
      return await uploadSegment(this.#engine, this.store, stream.id, segment, signal);
    } catch (error) {
      // Of what is gone there may be no file.
      if (stream.archivable(this.#before) !== segment) return undefined;
      if (!(error instanceof DamagedError)) throw error;
      stream.noteDamage(error);
      return undefined;
    }
  }

  async #removeForgotten(stream: StreamLog, signal: AbortSignal): Promise<void> {
    if (!this.#swept.has(stream)) await this.#sweep(stream, signal);
    const forgotten = stream.note.takeForgotten();
    if (forgotten.length === 0) return;
    await this.owner.require(signal);
    for (const segment of forgotten) await this.#remove(segmentObject(stream.id, segment), signal);
  }

  /** Removes what was to be removed when the process before ended: all below the oldest segment. */
  async #sweep(stream: StreamLog, signal: AbortSignal): Promise<void> {
    const { oldest } = stream;
    if (oldest === undefined || !stream.note.isBegun) return;
    await this.owner.require(signal);
    for await (const name of this.store.list(streamPrefix(stream.id), signal)) {
      if ((segmentNamed(name)?.number ?? oldest) >= oldest) break;
      await this.#remove(name, signal);
    }
    this.#swept.add(stream);
  }

  /** The rest of streams that were dropped, in this run or an earlier one. */
  async #removeDropped(signal: AbortSignal): Promise<void> {
    const { env, directory } = this.#engine;
    for (const name of await env.disk.list(directory)) {
      if (!name.endsWith(droppedSuffix)) continue;
      const path = `${directory}/${name}`;
      const names = await env.disk.list(path);
      // Its files are still being removed.
      if (names.some((each) => each !== archiveNoteName)) continue;
      await this.owner.require(signal);
      await this.#removeAll(streamPrefix(name.slice(0, -droppedSuffix.length)), signal);
      for (const each of names) await env.disk.remove(`${path}/${each}`);
      await env.disk.removeDirectory(path);
    }
  }

  async #removeAll(prefix: string, signal: AbortSignal): Promise<void> {
    for await (const name of this.store.list(prefix, signal)) await this.#remove(name, signal);
  }

  async #remove(name: string, signal: AbortSignal): Promise<void> {
    await this.store.delete(name, signal);
  }
}

/** So that uploads leave most of a disk and of a network to others. */
const bytesPerSecondMax = 64 * 1024 * 1024;
