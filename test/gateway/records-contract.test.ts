import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { recordsContract } from '../log/contract.ts';
import { TestClock } from '../log/world.ts';
import { OwnerWithWorkers } from './owner-with-workers.ts';

recordsContract('records in another thread', async () => {
  const clock = new TestClock();
  const engine = openMemoryLog(clock);
  const server = await OwnerWithWorkers.of(1, {}, () => engine);
  await server.catalog.commit(() =>
    ['stream', 'kept'].map((id) => ({
      kind: 'stream-created',
      stream: { ...sampleStream(3), name: id, id },
    })),
  );
  const records = new RemoteRecords(server.workers[0]!.parts.owner);
  return { clock, engine, records, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});
