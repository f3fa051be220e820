import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { recordsContract } from '../log/contract.ts';
import { TestClock } from '../log/world.ts';
import { Crowd } from './crowd.ts';

recordsContract('records in another thread', async () => {
  const clock = new TestClock();
  const engine = openMemoryLog(clock);
  const crowd = await Crowd.of(1, {}, () => engine);
  await crowd.catalog.commit(() =>
    ['stream', 'kept'].map((id) => ({
      kind: 'stream-created',
      stream: { ...sampleStream(3), name: id, id },
    })),
  );
  const records = new RemoteRecords(crowd.fronts[0]!.parts.owner);
  return { clock, engine, records, [Symbol.asyncDispose]: () => crowd[Symbol.asyncDispose]() };
});
