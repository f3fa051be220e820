import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../../harness/one-shard.ts';
import { formatStreamArn } from '../../../../src/kinesis/arn.ts';
import { recordsOf } from '../../../../src/kinesis/record.ts';
import type { Stream } from '../../../../src/kinesis/stream.ts';
import {
  type StreamDestinationParts,
  streamDestination,
} from '../../../../src/services/lambda/failures/stream-destination.ts';
import { Load } from '../../../../src/stream/load.ts';
import { awsThrottle, noThrottle } from '../../../../src/stream/throttle.ts';
import { allow, Identities, inline, ours, policyOf, theirs } from '../../../access/policy/identities.ts';
import { sampleStream } from '../../../kinesis/sample.ts';
import { World } from '../../../stream/world.ts';

const role = `arn:aws:iam::${ours}:role/r`;
const record = { partitionKey: 'k', data: Buffer.from('failed') };

/** A stream, and a role of an account with these permissions. */
async function worldWith(permissions: readonly string[], changes: Partial<Stream> = {}) {
  const stream = sampleStream(1, { account: ours, ...changes });
  const world = await World.with(stream);
  const identities = new Identities();
  const caller = identities.role('r', inline(...permissions.map((action) => allow(action))));
  const parts: StreamDestinationParts = {
    put: { ...world, catalog: world.catalog, meter: world.meter, load: new Load(), throttle: noThrottle },
    authorizer: identities.authorizer,
    callerOf: (arn) => (arn === role ? caller : undefined),
    factsOf: (arn) => (arn === formatStreamArn(stream) ? stream : undefined),
    requireToWrite: () => undefined,
  };
  const read = async () => {
    const shard = new OneShard(world.log, { stream: stream.id, shard: 0 });
    const batches = await shard.read(0, { records: 1000, bytes: 1e9 });
    return batches.flatMap((batch) => [...recordsOf(batch)]);
  };
  return { stream, parts, read };
}

test('a stream gets a record as by a PutRecord of the role', async () => {
  const { stream, parts, read } = await worldWith(['kinesis:PutRecord']);
  await streamDestination(parts).put(role, stream, record);
  const [stored] = await read();
  assert.deepEqual([stored!.partitionKey, String(stored!.data)], ['k', 'failed']);
});

test('a role that may not put is refused, and so is one that is not there', async () => {
  const { stream, parts, read } = await worldWith(['kinesis:GetRecords']);
  const destination = streamDestination(parts);
  const denied = { name: 'AccessDeniedException' };
  await assert.rejects(destination.put(role, stream, record), denied);
  await assert.rejects(destination.put(`${role}2`, stream, record), denied);
  assert.deepEqual(await read(), []);
});

test("another account's stream takes it where its policy lets the role put", async () => {
  const policy = policyOf(allow('kinesis:PutRecord', { Principal: { AWS: role } }));
  const { stream, parts, read } = await worldWith(['kinesis:PutRecord'], { account: theirs, policy });
  await streamDestination(parts).put(role, stream, record);
  assert.equal((await read()).length, 1);
  const closed = await worldWith(['kinesis:PutRecord'], { account: theirs });
  await assert.rejects(streamDestination(closed.parts).put(role, closed.stream, record), {
    name: 'AccessDeniedException',
  });
});

test('a stream that is gone, a key that refuses and a shard that is full say so', async () => {
  const { stream, parts } = await worldWith(['kinesis:PutRecord']);
  const destination = streamDestination(parts);
  const other = { ...stream, name: 'other' };
  await assert.rejects(destination.put(role, other, record), { name: 'ResourceNotFoundException' });
  const locked = streamDestination({ ...parts, requireToWrite: () => Promise.reject(new Error('no key')) });
  await assert.rejects(locked.put(role, stream, record), { message: 'no key' });
  const throttle = awsThrottle(parts.put.clock);
  const full = streamDestination({ ...parts, put: { ...parts.put, throttle } });
  const large = { partitionKey: 'k', data: Buffer.alloc(1024 * 1024 - 1) };
  await full.put(role, stream, large);
  await assert.rejects(full.put(role, stream, large), { name: 'ProvisionedThroughputExceededException' });
});
