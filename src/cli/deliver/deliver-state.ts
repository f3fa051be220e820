import { isDeepStrictEqual } from 'node:util';
import type { Positions } from '../../delivery/state/delivery-state.ts';
import type { Millis } from '../../env/clock.ts';
import type { Disk } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { From } from '../copy/source.ts';
import { StateFile } from '../state-file.ts';

/**
 * A shard of the stream. Its records are counted from where the delivery began, because sequence numbers of
 * another service say no offsets: `anchors` are counts, each with the sequence number of the record before.
 */
export type DeliveredShard = {
  readonly shardId: string;
  readonly index: number;
  readonly parents: readonly number[];
  /** Where it ends, once that is known. */
  end?: Offset | undefined;
  readonly anchors: Map<Offset, string>;
};

/** What a delivery is, as the file says it: a state is of the same one, or it is refused. */
export type Delivered = {
  readonly endpoint: string;
  readonly stream: string;
  readonly streamArn: string;
  readonly streamCreated: number;
  readonly from: object;
  readonly to: object;
  readonly form: object;
  readonly s3: string;
  readonly follows: boolean;
};

/**
 * How far a delivery has come besides what its journal says. A file keeps it, so that another run goes on.
 */
export class DeliverState {
  /** Unique over all deliveries: what writes to a table is told apart by it. */
  readonly id: string;
  readonly began: Millis;
  /** Where shards are read from that were there when it began. */
  readonly start: From;
  readonly shards: Map<number, DeliveredShard>;
  /** Of Parquet, as it was decided with the first records. */
  schema: TableSchema | undefined;
  readonly #delivered: Delivered;
  readonly #file: StateFile<Saved>;

  /**
   * Undefined where there is none. Rejects with `StartError` when it is of another one, or cannot be read.
   */
  static async load(path: string, disk: Disk, delivered: Delivered): Promise<DeliverState | undefined> {
    const file = fileOf(path, disk);
    const saved = await file.read();
    if (saved === undefined) return undefined;
    if (!isDeepStrictEqual(saved.delivered, JSON.parse(JSON.stringify(delivered))))
      throw new StartError(`${path} is of another delivery: remove it, or name another with --state`);
    return new DeliverState(file, saved);
  }

  static begin(path: string, disk: Disk, begun: Pick<Saved, 'delivered' | 'id' | 'began' | 'start'>) {
    return new DeliverState(fileOf(path, disk), { version: 1, ...begun, shards: [] });
  }

  private constructor(file: StateFile<Saved>, saved: Saved) {
    this.#file = file;
    this.#delivered = saved.delivered;
    this.id = saved.id;
    this.began = saved.began;
    this.start = saved.start;
    this.schema = saved.schema;
    this.shards = new Map(
      saved.shards.map(({ anchors, ...shard }) => [shard.index, { ...shard, anchors: new Map(anchors) }]),
    );
  }

  /** Lets go of anchors before positions. Throws `StartError` when one of them has none. */
  keepOnly(kept: readonly Positions[]): void {
    for (const [index, { anchors }] of this.shards) {
      const offsets = new Set(kept.map((positions) => positions[index]?.next));
      const first = Math.min(...[...offsets].filter((offset) => offset !== undefined));
      for (const offset of offsets)
        if (offset && !anchors.has(offset))
          throw new StartError('what was delivered is further than the state says: it is an old one');
      for (const offset of anchors.keys()) if (offset < first) anchors.delete(offset);
    }
  }

  /** Resolves once the file has it all, with anchors at these positions only. */
  save(positions: readonly Positions[]): Promise<void> {
    const shards = [...this.shards.values()].map(({ anchors, ...shard }) => ({
      ...shard,
      anchors: [...anchors].filter(([offset]) =>
        positions.some((each) => each[shard.index]?.next === offset),
      ),
    }));
    const { id, began, start, schema } = this;
    return this.#file.write({ version: 1, delivered: this.#delivered, id, began, start, schema, shards });
  }
}

type Saved = {
  readonly version: 1;
  readonly delivered: Delivered;
  readonly id: string;
  readonly began: Millis;
  readonly start: From;
  readonly schema?: TableSchema | undefined;
  readonly shards: readonly (Omit<DeliveredShard, 'anchors'> & {
    readonly anchors: readonly (readonly [Offset, string])[];
  })[];
};

function fileOf(path: string, disk: Disk): StateFile<Saved> {
  const isSaved = (read: Partial<Saved>): read is Saved =>
    read.version === 1 && read.delivered !== undefined && read.shards !== undefined;
  return new StateFile(`${path}/deliver.json`, disk, isSaved);
}
