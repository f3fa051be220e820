import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { latencyOf } from '../harness/statistics.ts';
import { Client } from './client.ts';
import { type FanOutLoad, type FanOutOutcome, streamName } from './load.ts';
import { Pauses } from './pauses.ts';
import { Producer, type Sent } from './producer.ts';
import { Stopwatch } from './stopwatch.ts';
import { type Received, Subscriber } from './subscriber.ts';

/** Puts and receives in one process, so that one clock says when either happened. */
export async function fanOut(port: number, serverPid: number, load: FanOutLoad): Promise<FanOutOutcome> {
  const consumers = await registerConsumers(port, load.consumers);
  const subscribers = await Promise.all(consumers.map((arn) => Subscriber.open(port, arn)));
  const producer = await Producer.open(port, load.recordsPerPut);
  const put = async (seconds: number) => {
    await producer.run(Math.ceil(seconds * load.recordsPerSecond), load.recordsPerSecond);
    await Promise.all(subscribers.map((subscriber) => subscriber.until(producer.sent.length)));
  };
  try {
    await put(load.warmSeconds);
    const warm = producer.sent.length;
    const pauses = new Pauses();
    const stopwatch = new Stopwatch(serverPid);
    await put(load.seconds);
    const spent = { ...stopwatch.stop(), pauseMs: pauses.stop() };
    for (const { received } of subscribers) requireAll(producer.sent, received);
    const measured = subscribers.flatMap(({ received }) => received.slice(warm));
    const since = (from: 'sentMs' | 'dueMs') =>
      latencyOf(measured.map(({ partitionKey, atMs }) => atMs - producer.sent[Number(partitionKey)]![from]));
    const records = producer.sent.length - warm;
    return { ...spent, records, fromSend: since('sentMs'), fromDue: since('dueMs') };
  } finally {
    producer.close();
    for (const subscriber of subscribers) subscriber.close();
  }
}

/** The ARNs of new consumers, once all are ACTIVE. */
async function registerConsumers(port: number, count: number): Promise<string[]> {
  const client = await Client.open(port);
  const stream = (await client.call('DescribeStreamSummary', { StreamName: streamName })) as Summary;
  const { StreamARN } = stream.StreamDescriptionSummary;
  for (let nth = 0; nth < count; nth++) {
    await client.call('RegisterStreamConsumer', { StreamARN, ConsumerName: `consumer-${nth}` });
  }
  for (;;) {
    const { Consumers } = (await client.call('ListStreamConsumers', { StreamARN })) as ConsumerList;
    if (Consumers.every(({ ConsumerStatus }) => ConsumerStatus === 'ACTIVE')) {
      client.close();
      return Consumers.map(({ ConsumerARN }) => ConsumerARN);
    }
    await sleep(10);
  }
}
type Summary = { StreamDescriptionSummary: { StreamARN: string } };
type ConsumerList = { Consumers: { ConsumerARN: string; ConsumerStatus: string }[] };

/** Every record that was acknowledged came once, under its sequence number, and in the order of these. */
function requireAll(sent: readonly Sent[], received: readonly Received[]): void {
  const expected = sent
    .map(({ sequenceNumber }, index) => ({ partitionKey: String(index), sequenceNumber }))
    .sort((one, other) => (one.sequenceNumber < other.sequenceNumber ? -1 : 1));
  assert.deepEqual(
    received.map(({ partitionKey, sequenceNumber }) => ({ partitionKey, sequenceNumber })),
    expected,
  );
}
