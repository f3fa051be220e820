import { batchOf } from '../../../harness/shard-text.ts';
import { recordsOf } from '../../../src/kinesis/record.ts';
import type { EngineOptions } from '../../../src/log/embedded/engine-parts.ts';
import { frameKinds } from '../../../src/log/embedded/format/frame.ts';
import { verifyLog } from '../../../src/log/embedded/verify/verify.ts';
import { decryptBatches, encryptBatch } from '../../../src/log/encryption.ts';
import type { Appended, Engine, LoggedBatch, NewBatch } from '../../../src/log/log.ts';
import { FakeDisk } from '../fake-disk.ts';
import { TestKeys } from '../test-keys.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

export const stream = 'stream';

/** A stream whose records are encrypted on their way into the log and opened on their way out. */
export class EncryptedStream {
  readonly keys: TestKeys;
  readonly engine: EngineOnFakeDisk;
  readonly log: Engine;

  private constructor(engine: EngineOnFakeDisk, log: Engine, keys: TestKeys) {
    this.engine = engine;
    this.log = log;
    this.keys = keys;
  }

  static async open(
    disk = new FakeDisk(),
    keys = new TestKeys(),
    options: Partial<EngineOptions> = small,
  ): Promise<EncryptedStream> {
    const engine = new EngineOnFakeDisk(disk);
    return new EncryptedStream(engine, await engine.open(options), keys);
  }

  async append(shard: number, ...texts: string[]): Promise<Appended> {
    return this.log.append({ stream, shard }, await this.batch(shard, ...texts));
  }

  async batch(shard: number, ...texts: string[]): Promise<NewBatch> {
    const key = await this.keys.current();
    const batch = batchOf(...texts);
    return key === undefined ? batch : encryptBatch(batch, key, { stream, shard });
  }

  /** As the log has them; `own` as in a ReadRequest. */
  async encrypted(shard: number, own = false): Promise<LoggedBatch[]> {
    const batches: LoggedBatch[] = [];
    const limit = { records: 3, bytes: 1_000_000 };
    for (let from = 0; ; ) {
      const slice = await this.log.read({ stream, shard }, { from, since: 0, limit, own });
      const last = slice.batches.at(-1);
      if (last === undefined) return batches;
      batches.push(...slice.batches);
      from = last.first + last.count;
    }
  }

  async texts(shard: number, own = false): Promise<string[]> {
    const batches = await decryptBatches(await this.encrypted(shard, own), { stream, shard }, this.keys);
    return batches.flatMap((batch) => [...recordsOf(batch)].map(({ data }) => String(data)));
  }
}

/** The frames of a log's records and keys, each as what it is, with its key and its records. */
export async function framesOf(disk: FakeDisk): Promise<string[]> {
  const frames: string[] = [];
  await verifyLog(disk, 'logs', stream, {
    onFrame: ({ frame }) => {
      const { kind, count, encryption } = frame;
      const encrypted = encryption === undefined ? 'open' : `with key ${encryption.keyId}`;
      frames.push(kind === frameKinds.key ? `key ${encryption?.keyId}` : `${count} ${encrypted}`);
    },
    onSegmentEnd: async () => void frames.push('end'),
  });
  return frames;
}
