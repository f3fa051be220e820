import type { File } from '../../../env/disk.ts';
import type { EngineParts } from '../engine-parts.ts';

/** A file of which everything is durable, and this server's, by the time a write is answered. */
export class DurableFile {
  readonly #engine: EngineParts;
  readonly #path: string;

  constructor(engine: EngineParts, path: string) {
    this.#engine = engine;
    this.#path = path;
  }

  /**
   * One write and one sync, at the end of what is there. When it rejects with the system's error nothing was
   * written. When it cannot be told what is durable, or whether the file is still this server's, the process
   * ends.
   */
  async write(buffers: readonly Buffer[], end: number): Promise<void> {
    const path = this.#path;
    const { ownership } = this.#engine;
    await this.#engine.files.use(path, async (file) => {
      if (!ownership.isCertain) await this.#engine.requireOwnership();
      try {
        await file.write(buffers, end);
      } catch (error) {
        await this.#engine.makeDurable(`The end of ${path}`, () => cutOff(file, end));
        throw error;
      }
      await this.#engine.makeDurable(path, () => file.sync());
      // A disk may take its time. What is written now cannot be refused any more.
      if (!ownership.isCertain) await this.#engine.makeDurable(path, () => this.#engine.requireOwnership());
    });
  }
}

/** Takes back what was written beyond a position. */
export async function cutOff(file: File, end: number): Promise<void> {
  await file.truncate(end);
  await file.sync();
}
