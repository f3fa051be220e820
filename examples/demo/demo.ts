// Streams real flights through the official SDK into a real server, kills the server half-way, and proves
// that nothing acknowledged is missing. Exits with 1 when the proof fails. Usage: demo.ts [--flights N]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CreateStreamCommand, type KinesisClient, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { connect, streamName } from './client.ts';
import { DemoServer } from './demo-server.ts';
import { type Flight, loadFlights } from './flights.ts';
import { Producer } from './producer.ts';
import { Progress } from './progress.ts';
import { prove } from './proof.ts';
import { type Reading, startReading } from './reading.ts';
import { count, tell } from './verdict.ts';

const batchSize = 100;
const lookMs = 20;

const { values } = parseArgs({ options: { flights: { type: 'string' } } });
const directory = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
process.on('exit', () => rmSync(directory, { recursive: true }));
process.on('SIGINT', () => process.exit(128 + 2));
process.on('SIGTERM', () => process.exit(128 + 15));
await run(loadFlights(values.flights === undefined ? undefined : Number(values.flights)));

async function run(flights: readonly Flight[]): Promise<void> {
  const progress = new Progress();
  await using server = new DemoServer(directory);
  await server.start();
  const client = connect(server.url, server.keys);
  await createStream(client);
  progress.say(
    `${count(flights.length)} flights of 2001 go into a stream of four shards; another process reads them.`,
  );
  progress.say(`The server at ${server.url} keeps them in ${server.data}.`);

  const producer = new Producer(client);
  const reading = startReading(server.url, server.keys);
  await Promise.all([
    sendAll(flights, producer, reading, progress),
    killHalfway(flights.length / 2, producer, server, progress),
  ]);
  await reading.finish();
  const again = startReading(server.url, server.keys);
  await again.finish();

  const sent = { flights, ...producer };
  const kept = tell(sent, prove(sent, reading.records), prove(sent, again.records), progress);
  process.exitCode = kept ? 0 : 1;
}

async function createStream(client: KinesisClient): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: 4 }));
  const patience = { client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 1 };
  await waitUntilStreamExists(patience, { StreamName: streamName });
}

async function sendAll(
  flights: readonly Flight[],
  producer: Producer,
  reading: Reading,
  progress: Progress,
): Promise<void> {
  for (let from = 0; from < flights.length; from += batchSize) {
    await producer.send(flights.slice(from, from + batchSize));
    const acknowledged = producer.acknowledged.length;
    const text = `${count(acknowledged)} acknowledged, ${count(reading.records.length)} read`;
    progress.show(acknowledged / flights.length, text);
  }
}

/** In the middle of a request, most likely: before, while or after it is written. */
async function killHalfway(
  half: number,
  producer: Producer,
  server: DemoServer,
  progress: Progress,
): Promise<void> {
  while (producer.acknowledged.length < half) await sleep(lookMs);
  await sleep(Math.random() * lookMs);
  await server.kill();
  progress.say('Killed the server with -9 while it was at work; it starts again on the same directory.');
  await server.start();
}
