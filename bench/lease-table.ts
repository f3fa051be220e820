import { setTimeout as sleep } from 'node:timers/promises';
import { dynamodb } from '../harness/signer.ts';
import { leaseTableShape } from '../harness/tables.ts';
import { Client } from './client.ts';

/** The table that workers of a KCL application share, and what is in it. */
export const leaseTable = 'bench-leases';

/** As KCL names shards. */
export function leaseKeyOf(nth: number): string {
  return `shardId-${String(nth).padStart(12, '0')}`;
}

export function workerOf(nth: number, workers: number): string {
  return `worker-${nth % workers}`;
}

/** Makes the table with so many leases, dealt out to workers in turn, each with its counter at 0. */
export async function makeLeases(port: number, count: number, workers: number): Promise<void> {
  const client = await Client.open(port, dynamodb);
  await client.call('CreateTable', { TableName: leaseTable, ...leaseTableShape });
  while (!(await isActive(client))) await sleep(5);
  for (let first = 0; first < count; first += batch) {
    const requests = Array.from({ length: Math.min(batch, count - first) }, (_, index) => {
      return { PutRequest: { Item: leaseOf(first + index, workers) } };
    });
    await client.call('BatchWriteItem', { RequestItems: { [leaseTable]: requests } });
  }
  client.close();
}

const batch = 25;

async function isActive(client: Client): Promise<boolean> {
  const answer = JSON.stringify(await client.call('DescribeTable', { TableName: leaseTable }));
  return !answer.includes('CREATING');
}

/** The attributes of KCL 3's leases, as long as they are there. */
function leaseOf(nth: number, workers: number): object {
  return {
    leaseKey: { S: leaseKeyOf(nth) },
    leaseOwner: { S: workerOf(nth, workers) },
    leaseCounter: { N: '0' },
    checkpoint: { S: '49640000000000000000000000000000000000000000000000000002' },
    checkpointSubSequenceNumber: { N: '0' },
    ownerSwitchesSinceCheckpoint: { N: '0' },
    startingHashKey: { S: '0' },
    endingHashKey: { S: '340282366920938463463374607431768211455' },
    throughputKBps: { N: '1024' },
    parentShardId: { SS: ['shardId-000000000000'] },
  };
}

/** The heartbeat of a lease: on condition of its counter and its owner, its counter moves on. */
export function renewal(
  nth: number,
  workers: number,
  counter: number,
  next: number,
  isLegacy: boolean,
): object {
  const place = { TableName: leaseTable, Key: { leaseKey: { S: leaseKeyOf(nth) } } };
  const held = { N: String(counter) };
  const moved = { N: String(next) };
  const owner = { S: workerOf(nth, workers) };
  if (isLegacy) {
    // As KCL sends it.
    const Expected = { leaseCounter: { Value: held }, leaseOwner: { Value: owner } };
    return { ...place, Expected, AttributeUpdates: { leaseCounter: { Value: moved, Action: 'PUT' } } };
  }
  return {
    ...place,
    ConditionExpression: 'leaseCounter = :held AND leaseOwner = :owner',
    UpdateExpression: 'SET leaseCounter = :moved',
    ExpressionAttributeValues: { ':held': held, ':moved': moved, ':owner': owner },
  };
}
