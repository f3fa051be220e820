import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '../../harness/signer.ts';
import { nodeStart } from '../../harness/start-script.ts';
import { Client } from '../client.ts';
import { type Command, millrace, type ServerProcess } from '../server-process.ts';
import { ledgerStream } from './ledger.ts';
import { crewStream, type Scale, type Target } from './target.ts';

/** As `npm start` starts it, where strangers are strangers. */
export function guardedMillrace(directory: string, workers: number, scale: Scale): Command {
  const path = join(directory, 'credentials');
  const { accessKeyId, secretAccessKey } = credentials;
  const profile = [
    '[client]',
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
  ];
  writeFileSync(path, `${profile.join('\n')}\n`, { mode: 0o600 });
  return millrace(join(directory, 'data'), {
    workers,
    flags: ['--credentials', path],
    nodeFlags: flagsFor(scale),
    env: nodeStart.env,
  });
}

/**
 * In a slice V8 is not told to wait until it has 128 MiB of garbage in each thread, so that what is resident
 * is what is held.
 */
function flagsFor(scale: Scale): readonly string[] {
  if (scale === 'full') return nodeStart.flags;
  return nodeStart.flags.filter((flag) => !flag.startsWith('--initial-old-space-size='));
}

/** What the crew finds when it comes. */
export type Prepared = Pick<Target, 'consumers' | 'largeRecords'>;

/** Makes the streams, and puts into the crew's what it will read. Throws when the server refuses. */
export async function prepare(server: ServerProcess, scale: Scale): Promise<Prepared> {
  const client = new Client('preparer', () => server.port);
  const ask = async <T>(operation: string, input: object): Promise<T> => {
    const answer = await client.call<T>(operation, input);
    if (answer.kind !== 'output')
      throw new Error(`${operation}: ${JSON.stringify(answer)} ${server.complaint}`);
    return answer.output;
  };
  for (const [StreamName, ShardCount] of [
    [ledgerStream, 2],
    [crewStream, 1],
  ] as const) {
    await ask('CreateStream', { StreamName, ShardCount, MaxRecordSizeInKiB: 10_240 });
    while ((await statusOf(ask, StreamName)) !== 'ACTIVE') await sleep(20);
  }
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${crewStream}`;
  const consumers: string[] = [];
  for (let nth = 0; nth < consumersMax; nth++) {
    const asked = { StreamARN, ConsumerName: `consumer-${nth}` };
    consumers.push((await ask<Registered>('RegisterStreamConsumer', asked)).Consumer.ConsumerARN);
  }
  // As large as a record may be (Kinesis API reference, PutRecord: 10 MiB). Others are others in the server's
  // memory as well.
  const Data = Buffer.alloc(10_000_000, 'x').toString('base64');
  const largeRecords: string[] = [];
  while (largeRecords.length < (scale === 'brief' ? largeBrief : largeFull)) {
    const put = { StreamName: crewStream, PartitionKey: 'large', Data };
    largeRecords.push((await ask<{ SequenceNumber: string }>('PutRecord', put)).SequenceNumber);
  }
  if (scale === 'full') {
    await read(ask, largeFull);
    // Others, so that every thread has some.
    for (let nth = 0; nth < 4; nth++) {
      client.close();
      await read(ask, largeInThread);
    }
  }
  client.close();
  return { consumers, largeRecords };
}

/**
 * Reads so many of the large records, as an honest client does: what a server keeps of what was read is there
 * before the attack.
 */
async function read(ask: Ask, count: number): Promise<void> {
  const start = {
    StreamName: crewStream,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  };
  let { ShardIterator } = await ask<{ ShardIterator: string }>('GetShardIterator', start);
  for (let found = 0; found < count; ) {
    const page = await ask<Page>('GetRecords', { ShardIterator, Limit: 1 });
    found += page.Records.length;
    ShardIterator = page.NextShardIterator;
  }
}

type Page = { readonly Records: readonly object[]; readonly NextShardIterator: string };

type Ask = <T>(operation: string, input: object) => Promise<T>;
type Registered = { readonly Consumer: { readonly ConsumerARN: string } };
type Summary = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };

async function statusOf(ask: Ask, StreamName: string): Promise<string> {
  const { StreamDescriptionSummary } = await ask<Summary>('DescribeStreamSummary', { StreamName });
  return StreamDescriptionSummary.StreamStatus;
}

const largeBrief = 2;
const largeFull = 60;
/** More than a thread keeps. */
const largeInThread = 6;

/** As many as a stream may have (Kinesis API reference, RegisterStreamConsumer). */
const consumersMax = 20;
