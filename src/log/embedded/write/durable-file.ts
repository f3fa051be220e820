import type { File } from '../../../env/disk.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { SegmentFile } from './segment-writer.ts';

/**
 * A file of which everything is durable, and this server's, by the time a write is answered. A write is one
 * write and one sync, at the end of what is there. When it rejects with the system's error nothing was
 * written. When it cannot be told what is durable, or whether the file is still this server's, the process
 * ends.
 */
export function durableFile(engine: EngineParts, path: string): SegmentFile {
  const { ownership } = engine;
  return {
    write: (buffers, end) =>
      engine.files.use(path, async (file) => {
        if (!ownership.isCertain) await engine.requireOwnership();
        try {
          await file.write(buffers, end);
        } catch (error) {
          await engine.makeDurable(`The end of ${path}`, () => cutOff(file, end));
          throw error;
        }
        await engine.makeDurable(path, () => file.sync());
        // A disk may take its time. What is written now cannot be refused any more.
        if (!ownership.isCertain) await engine.makeDurable(path, () => engine.requireOwnership());
      }),
  };
}

/** Takes back what was written beyond a position. */
export async function cutOff(file: File, end: number): Promise<void> {
  await file.truncate(end);
  await file.sync();
}
