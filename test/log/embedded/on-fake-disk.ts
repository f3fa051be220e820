import { type EmbeddedEngine, openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import type { EngineOptions } from '../../../src/log/embedded/engine-parts.ts';
import { FakeDisk } from '../fake-disk.ts';
import { TestClock, TestLogger, TestRandom } from '../world.ts';

/** Everything so small that a few records meet every border. */
export const small: Partial<EngineOptions> = {
  segmentBytes: 2_000,
  frameBytesMax: 300,
  roundBytesMax: 800,
  indexStepBytes: 250,
  indexEntriesMax: 10,
  openFilesMax: 2,
  tailBytesMax: 3_000,
  blockBytes: 600,
  blockCacheBytesMax: 1_500,
};

/** An engine on a disk in memory. `panics` are the reasons for which the process would have ended. */
export class EngineOnFakeDisk {
  readonly clock = new TestClock();
  readonly logger = new TestLogger();
  readonly random = new TestRandom(1);
  readonly panics: string[] = [];
  /** Resolves at the first of them. */
  readonly panicked: Promise<void>;
  readonly disk: FakeDisk;
  readonly #panic: () => void;

  constructor(disk = new FakeDisk()) {
    this.disk = disk;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.panicked = promise;
    this.#panic = resolve;
  }

  open(options: Partial<EngineOptions> = small): Promise<EmbeddedEngine> {
    const { clock, logger, random, disk } = this;
    const panic = (reason: string, cause: unknown) => {
      this.panics.push(`${reason}: ${cause instanceof Error ? cause.message : cause}`);
      this.#panic();
    };
    return openEmbeddedLog({ clock, logger, random, disk, panic }, 'logs', options);
  }
}
