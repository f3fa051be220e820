import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { EncryptedRecords } from '../../src/log/encrypted-records.ts';
import type { Records } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { recordsContract } from '../log/contract.ts';
import { TestKeys } from '../log/test-keys.ts';
import { TestClock } from '../log/world.ts';
import { OwnerWithWorkers } from './owner-with-workers.ts';

recordsContract('records in another thread', () => begun((records) => records));

recordsContract('records in another thread that are encrypted here', async () => {
  const keys = new TestKeys();
  keys.renew();
  const tested = await begun((records) => new EncryptedRecords(records, keys));
  return { ...tested, bytesAdded: 32 };
});

async function begun(above: (records: Records) => Records) {
  const clock = new TestClock();
  const engine = openMemoryLog(clock);
  const server = await OwnerWithWorkers.of(1, {}, () => engine);
  await server.catalog.commit(() =>
    ['stream', 'kept'].map((id) => ({
      kind: 'stream-created',
      stream: { ...sampleStream(3), name: id, id },
    })),
  );
  const records = above(new RemoteRecords(server.workers[0]!.parts.owner));
  return { clock, engine, records, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
