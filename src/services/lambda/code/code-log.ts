import { createHash } from 'node:crypto';
import { encodeBatch, type Offset, recordsOf } from '../../../kinesis/record.ts';
import { DamagedError, type Engine } from '../../../log/log.ts';

/** Writes a zip as the records of a stream of its own, in pieces. Resolves once all are durable. */
export async function writeCode(engine: Engine, stream: string, zip: Uint8Array): Promise<void> {
  for (let begin = 0; begin < zip.length; begin += pieceBytes) {
    const data = zip.subarray(begin, begin + pieceBytes);
    await engine.append({ stream, shard: 0 }, encodeBatch([{ partitionKey: undefined, data }]));
  }
}

/** Rejects with `DamagedError` when it is not as it was written. */
export async function readCode(engine: Engine, stream: string, expected: ExpectedCode): Promise<Buffer> {
  const key = { stream, shard: 0 };
  const zip = Buffer.alloc(expected.bytes);
  const hash = createHash('sha256');
  let [length, next]: [number, Offset] = [0, 0];
  for (;;) {
    const request = { from: next, since: Number.NEGATIVE_INFINITY, limit: page };
    const { batches } = await engine.read(key, request);
    if (batches.length === 0) break;
    for (const batch of batches) {
      next = batch.first + batch.count;
      for (const { data } of recordsOf(batch)) {
        hash.update(data);
        if (length + data.length <= zip.length) zip.set(data, length);
        length += data.length;
      }
    }
  }
  if (length === zip.length && hash.digest('hex') === expected.sha256) return zip;
  throw new DamagedError(`the code of a function, services/${stream}, is not what was put there.`);
}

/** What a zip must be. `sha256` in hex. */
export type ExpectedCode = { readonly sha256: string; readonly bytes: number };

/** A record of it, encrypted, is below the megabyte that every log takes in one. */
const pieceBytes = 1024 * 1024 - 4096;
const page = { records: 4, bytes: 4 * 1024 * 1024 };
