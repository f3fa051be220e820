import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../../src/services/kinesis/operations.ts';
import { Harness } from './harness.ts';
import { sampleInput } from './sample-input.ts';

const ours = 'arn:aws:kinesis:us-east-1:000000000000:stream/present';
const theirs = 'arn:aws:kinesis:us-east-1:111111111111:stream/present';

const theirsBy: Readonly<Record<string, string>> = {
  ConsumerARN: `${theirs}/consumer/c:1`,
  ChannelARN: theirs.replace('stream/present', 'channel/1'),
};

for (const { name, input } of operations.values()) {
  // Whose a role is, is asked with the permission to pass it on.
  const arns = input.names.filter((member) => member.endsWith('ARN') && !member.endsWith('RoleARN'));
  for (const member of arns) {
    test(`${name} gives no access to another account by ${member}`, async () => {
      await using server = await Harness.start({ limits: 'none' });
      const arn = theirsBy[member] ?? theirs;
      const { body } = await server.answer(name, { ...sampleInput(input), [member]: arn });
      assert.deepEqual(body, {
        __type: 'AccessDeniedException',
        message:
          `User: arn:aws:iam::000000000000:user/AKIDEXAMPLE is not authorized to perform: kinesis:${name} ` +
          `on resource: ${arn} because no resource-based policy allows the kinesis:${name} action`,
      });
    });
  }
}

test("an iterator of one account's stream is of no use to another", async () => {
  await using owner = await Harness.start({ limits: 'none' });
  await owner.createStream('present');
  const { ShardIterator } = await owner.call<{ ShardIterator: string }>('GetShardIterator', {
    StreamARN: ours,
    ShardId: '0',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  // The same seed makes the same secret, so that the other server takes the iterator for its own.
  await using other = await Harness.start({ limits: 'none', account: '111111111111' });
  const { body } = await other.answer('GetRecords', { ShardIterator });
  assert.equal((body as { __type: string }).__type, 'AccessDeniedException');
});
