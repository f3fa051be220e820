import type { Millis } from '../../env/clock.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import { fittingKeys } from '../names/fitting-key.ts';
import { namesOf } from '../names/object-names.ts';
import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';
import { openPartitions, type Partitions, partitionsExceeded } from '../record/partitions.ts';
import { openStages, type Staged, type StageRunner } from '../record/record-stages.ts';
import { sourceRecords } from '../record/source-records.ts';
import { schemaOfSamples } from '../schema/sampled-schema.ts';
import { SchemaError } from '../schema/schema-error.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import {
  LambdaTransform,
  type TransformCall,
  type TransformedRecords,
  type TransformWorld,
} from '../transform/lambda-transform.ts';
import { ChunkObjects } from './chunk-objects.ts';
import type { ChunkCounts, ChunkFill, ChunkSetting, FormattedChunk } from './chunk-setting.ts';
import { TableRouter } from './table-router.ts';

/** A chunk's records on their way into objects: through the stages, a function, partitions, and writers. */
export class ChunkFormat {
  readonly #world: TransformWorld;
  readonly #stages: StageRunner;
  readonly #partitions: Partitions;
  readonly #objects: ChunkObjects;
  /** Of an Iceberg destination. */
  readonly #router: TableRouter | undefined;
  readonly #transform: LambdaTransform | undefined;
  readonly #hasBackup: boolean;
  readonly #counts = { records: 0, bytes: 0, refused: 0, dropped: 0, oldest: Number.POSITIVE_INFINITY };
  readonly #unconverted = { records: 0, bytes: 0 };
  #isOverPartitioned = false;
  readonly #calls: TransformCall[] = [];

  constructor(world: TransformWorld, setting: ChunkSetting, signal: AbortSignal) {
    const { spec } = setting;
    this.#world = world;
    this.#stages = openStages(spec.stages);
    this.#partitions = partitionsOf(setting);
    this.#objects = new ChunkObjects(setting, world.clock);
    const { destination } = spec;
    if (destination.kind === 'iceberg') this.#router = new TableRouter(setting.tables, destination.reading);
    this.#hasBackup = spec.backup !== undefined;
    this.#transform = spec.lambda && new LambdaTransform(world, spec, spec.lambda, signal);
  }

  /** Takes what was read. Resolves when there may be more of it; rejects as the function's `invoke` does. */
  async add(slice: SourceSlice): Promise<ChunkFill> {
    const read = sourceRecords(slice);
    this.#count(read, slice.oldest);
    let inflatedBytes = 0;
    for (const records of this.#stages.unpack(read)) {
      if (this.#hasBackup) await this.#objects.backUp(records);
      const isBomb = this.#stages.inflates && inflatedBytes > inflatedBytesMax;
      const { kept, refused } = isBomb ? bombs(records, this.#now) : this.#stages.before(records, this.#now);
      inflatedBytes += kept.reduce((sum, { data }) => sum + data.length, 0);
      await this.#refuse(refused);
      if (this.#transform === undefined) await this.#write(kept);
      else await this.#transformed(await this.#transform.add(kept));
    }
    return this.#fill;
  }

  /** The schema that records look like before a function has them; undefined when they are no rows. */
  sample(slice: SourceSlice): TableSchema | undefined {
    const [first = []] = this.#stages.unpack(sourceRecords(slice));
    const { kept } = this.#stages.before(first, this.#now);
    try {
      return schemaOfSamples(kept.map(({ data }) => data));
    } catch (error) {
      if (error instanceof SchemaError) return undefined;
      throw error;
    }
  }

  async finish(random: string): Promise<FormattedChunk> {
    if (this.#transform !== undefined) await this.#transformed(await this.#transform.finish());
    const objects = await this.#objects.finish(random);
    return { objects, requests: await this.#objects.requests(), counts: this.counts };
  }

  get counts(): ChunkCounts {
    const { ...unconverted } = this.#unconverted;
    return { ...this.#counts, unconverted, isOverPartitioned: this.#isOverPartitioned, calls: this.#calls };
  }

  async #transformed({ kept, refused, dropped, calls }: TransformedRecords): Promise<void> {
    for (const call of calls) this.#calls.push(call);
    this.#counts.dropped += dropped;
    await this.#refuse(refused);
    await this.#write(kept);
  }

  async #write(records: readonly DeliveredRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { kept, refused } = this.#stages.after(records, this.#now);
    await this.#refuse(refused);
    if (this.#router !== undefined) return await this.#writeRows(kept, this.#router);
    const grouped = this.#partitions.group(kept, this.#now);
    await this.#refuse(grouped.refused);
    for (const partition of grouped.partitions)
      if (partition.records.length > 0) await this.#refuse(await this.#objects.deliver(partition));
  }

  async #writeRows(records: readonly DeliveredRecord[], router: TableRouter): Promise<void> {
    const { groups, refused } = router.route(records, this.#now);
    await this.#refuse(refused);
    for (const group of groups) await this.#refuse(await this.#objects.addRows(group));
  }

  async #refuse(refused: readonly RefusedRecord[]): Promise<void> {
    if (refused.length === 0) return;
    this.#counts.refused += refused.length;
    for (const { record, kind, code } of refused) {
      if (code === partitionsExceeded) this.#isOverPartitioned = true;
      if (kind !== 'format-conversion-failed') continue;
      this.#unconverted.records += 1;
      this.#unconverted.bytes += record.data.length;
    }
    await this.#objects.refuse(refused);
  }

  #count(records: readonly DeliveredRecord[], oldest: Millis): void {
    this.#counts.records += records.length;
    this.#counts.bytes += records.reduce((sum, { data }) => sum + data.length, 0);
    this.#counts.oldest = Math.min(this.#counts.oldest, oldest);
  }

  get #fill(): ChunkFill {
    const { largestBytes, heldBytes } = this.#objects;
    // More than any buffer, and less than what a chunk that is made again knows as its limit.
    const isFull = this.#router?.isFull === true;
    return {
      largestBytes: isFull ? Number.MAX_VALUE : largestBytes,
      heldBytes: heldBytes + (this.#transform?.heldBytes ?? 0),
    };
  }

  get #now(): Millis {
    return this.#world.clock.now();
  }
}

/**
 * What was read together is formatted together, and what it inflates to is held: logs compress to a
 * twentieth, so that no batch of them comes to this.
 */
const inflatedBytesMax = 256 * 1024 * 1024;

function bombs(records: readonly DeliveredRecord[], now: Millis): Staged {
  const why = {
    kind: 'decompression-failed',
    code: 'Decompression failed.',
    message: 'Decompression failed because the records that came together are too large once decompressed.',
  } as const;
  return {
    kept: [],
    refused: records.map((record) => ({ record, ...why, attempts: 1, attemptEndedAt: now })),
  };
}

function partitionsOf({ spec, partBytesMax }: ChunkSetting): Partitions {
  const { destination, owner, source, stages } = spec;
  const activeMax = stages.partitioning?.activeMax ?? Number.POSITIVE_INFINITY;
  if (destination.kind !== 's3')
    return openPartitions({ keys: [], keyBytesMax: 0 }, { activeMax, canBeNamed: () => true });
  const names = namesOf(destination.target.names);
  const fits = fittingKeys(names, { owner, streamName: source.stream.name }, partBytesMax);
  return openPartitions(names, { activeMax, canBeNamed: (record) => fits(record, record.arrival) });
}
