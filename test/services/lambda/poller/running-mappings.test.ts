import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataOf, FunctionFailure, MappingWorld, Refusal, role } from './mapping-world.ts';

test('a function gets records as AWS has them, and the cursor moves once it has answered', async () => {
  const world = await MappingWorld.with();
  world.isHeld = true;
  world.start();
  await world.put(0, 'key "one"=hello', 'b=x');
  await world.until(() => world.events.length === 1);
  const [first] = world.events[0]!.Records;
  assert.equal(world.cursor(), undefined);
  const { sequenceNumber } = first!.kinesis;
  assert.deepEqual(first, {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key "one"',
      sequenceNumber,
      data: 'aGVsbG8=',
      approximateArrivalTimestamp: 1_700_000_000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: role,
    awsRegion: 'us-east-1',
    eventSourceARN: world.mapping.source,
  });
  world.release();
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.cursor(), { marks: [2], isFinished: undefined, windows: undefined, result: 'OK' });
  await world.stop();
});
