import { type Catalog, openCatalog } from '../../src/catalog/catalog.ts';
import { findStream } from '../../src/catalog/state.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { encodeBatch, type Offset } from '../../src/kinesis/record.ts';
import type { Stream } from '../../src/kinesis/stream.ts';
import type { Engine } from '../../src/log/log.ts';
import { Meter } from '../../src/stream/meter/meter.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { journalsUnderTest, recordsUnderTest } from '../log/log-under-test.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

/** What a data plane stands on: a journal, an engine and a clock. A restart keeps all three. */
export class World {
  readonly clock = new ManualClock();
  readonly logger = silentLogger;
  readonly log: Engine = recordsUnderTest(this.clock);
  #catalog: Catalog | undefined;
  #meter: Meter | undefined;
  /** Where the catalog's edits are. */
  readonly journal: Engine = journalsUnderTest(this.clock);

  /** A world with one stream in it. */
  static async with(stream: Stream = sampleStream(1)): Promise<World> {
    const world = new World();
    await world.restart();
    await world.catalog.commit(() => [{ kind: 'stream-created', stream }]);
    return world;
  }

  get catalog(): Catalog {
    return this.#catalog!;
  }

  get meter(): Meter {
    return this.#meter!;
  }

  /** The sample stream as it is now. */
  get stream(): Stream | undefined {
    return findStream(this.catalog.state, sampleStream(1));
  }

  /** Opens the catalog again from its journal. */
  async restart(): Promise<void> {
    this.#catalog = await openCatalog(this.journal);
    this.#meter = new Meter(this);
  }

  /** Appends records past all checks, one batch each. */
  async put(shard: number, ...texts: string[]): Promise<void> {
    for (const text of texts) {
      const batch = encodeBatch([{ partitionKey: 'k', data: Buffer.from(text) }]);
      await this.log.append({ stream: '1', shard }, batch);
    }
  }

  async endOf(shard: number): Promise<Offset> {
    return (await this.log.position({ stream: '1', shard })).end;
  }

  async startOf(shard: number): Promise<Offset> {
    return (await this.log.position({ stream: '1', shard })).start;
  }
}
