import type { Clock } from '../../../env/clock.ts';
import { bytesAt, type Disk, isSystemError, readWith } from '../../../env/disk.ts';
import type { DurableFile, EmbeddedEngine } from '../embedded-log.ts';
import { checksumOf } from './archive-checksum.ts';
import type { ArchiveOwner } from './archive-owner.ts';
import type { ArchiveStore } from './archive-store.ts';
import { decodeGeneration, encodeGeneration, type Generation, type GenerationFile } from './generation.ts';
import {
  controlFilesPrefix,
  controlObject,
  generationNamed,
  generationObject,
  generationsPrefix,
} from './object-names.ts';

type World = { readonly disk: Disk; readonly clock: Clock; readonly owner: ArchiveOwner };

/**
 * Keeps logs that are small and stay on the disk in the archive as well, as they were at one moment: the
 * newest generation is what a directory is restored from.
 */
export class Generations {
  readonly #store: ArchiveStore;
  readonly #world: World;
  /** The last two, the newest last, once they were looked up. */
  #last: Generation[] | undefined;

  constructor(store: ArchiveStore, world: World) {
    this.#store = store;
    this.#world = world;
  }

  /**
   * Makes a generation of the files of some engines, when something in them has changed since the last one.
   * What names something in another engine comes before that one. Rejects as the store does, with the
   * system's error, and with `StartError` when the archive is another's.
   */
  async pass(engines: readonly EmbeddedEngine[], signal: AbortSignal): Promise<void> {
    this.#last ??= await this.#lookUp(signal);
    const files = await this.#put(engines, signal);
    const before = this.#last.at(-1);
    if (files === undefined || (before !== undefined && isSame(files, before.files))) return;
    const generation = (before?.generation ?? 0) + 1;
    const made: Generation = { format: 1, generation, at: this.#world.clock.now(), files };
    await this.#world.owner.require(signal);
    const how = { ifNone: true, contentType: 'application/json' };
    try {
      await this.#store.put(generationObject(generation), [encodeGeneration(made)], how, signal);
    } catch (error) {
      // It may be there by now, or later: then that number is not to be had again.
      this.#last = undefined;
      throw error;
    }
    const all = [...this.#last, made];
    this.#last = all.slice(-keptGenerations);
    for (const old of all.slice(0, -keptGenerations)) await this.#remove(old, signal);
  }

  /** Undefined when files went away while they were read. */
  async #put(engines: readonly EmbeddedEngine[], signal: AbortSignal): Promise<GenerationFile[] | undefined> {
    const found: DurableFile[] = [];
    for (const engine of engines) found.push(...(await engine.files()));
    const files: GenerationFile[] = [];
    for (const file of found) {
      try {
        files.push(await this.#putFile(file, signal));
      } catch (error) {
        if (isSystemError(error, 'ENOENT')) return undefined;
        throw error;
      }
    }
    return files;
  }

  /** What was put for the generation before is not put again: a log only grows at its end. */
  async #putFile({ path, epoch, bytes }: DurableFile, signal: AbortSignal): Promise<GenerationFile> {
    const { disk, clock } = this.#world;
    const length = bytes ?? (await readWith(disk, path, (file) => file.size()));
    const object = controlObject(path, epoch, length);
    const known = this.#last!.at(-1)?.files.find((file) => file.object === object);
    if (known !== undefined) return known;
    const content = await readWith(disk, path, (file) => bytesAt(file, 0, length));
    await this.#store.put(object, [content], { contentType: 'application/octet-stream' }, signal);
    return { path, object, bytes: length, crc: await checksumOf([content], clock) };
  }

  async #remove(old: Generation, signal: AbortSignal): Promise<void> {
    await this.#store.delete(generationObject(old.generation), signal);
    const kept = this.#kept;
    for (const { object } of old.files) if (!kept.has(object)) await this.#store.delete(object, signal);
  }

  get #kept(): ReadonlySet<string> {
    return new Set((this.#last ?? []).flatMap(({ files }) => files.map(({ object }) => object)));
  }

  /**
   * The last two that there are. What an earlier run left besides is removed; a generation of that run which
   * came late may name some of it, and counts as one without those files.
   */
  async #lookUp(signal: AbortSignal): Promise<Generation[]> {
    const last = await lastGenerations(this.#store, signal);
    const kept = new Set(last.flatMap(({ files }) => files.map(({ object }) => object)));
    await this.#world.owner.require(signal);
    const listed = new Set<string>();
    for await (const name of this.#store.list(controlFilesPrefix, signal)) {
      listed.add(name);
      if (!kept.has(name)) await this.#store.delete(name, signal);
    }
    for await (const name of this.#store.list(generationsPrefix, signal)) {
      const number = generationNamed(name);
      if (number === undefined || last.some(({ generation }) => generation === number)) continue;
      if (number < (last[0]?.generation ?? 0)) await this.#store.delete(name, signal);
    }
    return last.map((each) => ({ ...each, files: each.files.filter(({ object }) => listed.has(object)) }));
  }
}

/** The last two generations of an archive, the newest last. */
export async function lastGenerations(store: ArchiveStore, signal?: AbortSignal): Promise<Generation[]> {
  const names: string[] = [];
  for await (const name of store.list(generationsPrefix, signal)) {
    // In the order of names, files come after generations.
    if (generationNamed(name) === undefined) break;
    names.push(name);
  }
  const found: Generation[] = [];
  for (const name of names.slice(-keptGenerations)) {
    const object = await store.get(name, signal);
    const generation = object && decodeGeneration(object.body);
    if (generation === undefined)
      throw new Error(`${store.textOf(name)} is damaged, or of a newer Millrace.`);
    found.push(generation);
  }
  return found;
}

function isSame(some: readonly GenerationFile[], others: readonly GenerationFile[]): boolean {
  return some.length === others.length && some.every(({ object }, index) => object === others[index]!.object);
}

const keptGenerations = 2;
