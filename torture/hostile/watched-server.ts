import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '../../bench/signer.ts';
import { Client } from '../client.ts';
import { type Command, millrace, type ServerProcess } from '../server-process.ts';
import { ledgerStream } from './ledger.ts';
import { crewStream } from './target.ts';

/** As `npm start` starts it, where strangers are strangers. */
export function guardedMillrace(directory: string, fronts: number): Command {
  const path = join(directory, 'credentials');
  const { accessKeyId, secretAccessKey } = credentials;
  const profile = [
    '[client]',
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
  ];
  writeFileSync(path, `${profile.join('\n')}\n`, { mode: 0o600 });
  return millrace(join(directory, 'data'), { fronts, flags: ['--credentials', path], nodeFlags: startFlags });
}

/** Those of the `start` script in package.json. */
const startFlags = ['--max-semi-space-size=8', '--initial-old-space-size=128', '--expose-gc'];

/** Makes the streams, and answers with the consumers of the crew's. Throws when the server refuses. */
export async function prepare(server: ServerProcess): Promise<readonly string[]> {
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
    await ask('CreateStream', { StreamName, ShardCount });
    while ((await statusOf(ask, StreamName)) !== 'ACTIVE') await sleep(20);
  }
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${crewStream}`;
  const consumers: string[] = [];
  for (let nth = 0; nth < consumersMax; nth++) {
    const asked = { StreamARN, ConsumerName: `consumer-${nth}` };
    consumers.push((await ask<Registered>('RegisterStreamConsumer', asked)).Consumer.ConsumerARN);
  }
  // A page for GetRecords at its largest (Kinesis API reference, GetRecords: 10 MB).
  const Data = Buffer.alloc(1_000_000, 'x').toString('base64');
  const Records = Array.from({ length: 5 }, (_, nth) => ({ PartitionKey: String(nth), Data }));
  for (let half = 0; half < 2; half++) await ask('PutRecords', { StreamName: crewStream, Records });
  client.close();
  return consumers;
}

type Ask = <T>(operation: string, input: object) => Promise<T>;
type Registered = { readonly Consumer: { readonly ConsumerARN: string } };
type Summary = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };

async function statusOf(ask: Ask, StreamName: string): Promise<string> {
  const { StreamDescriptionSummary } = await ask<Summary>('DescribeStreamSummary', { StreamName });
  return StreamDescriptionSummary.StreamStatus;
}

/** As many as a stream may have (Kinesis API reference, RegisterStreamConsumer). */
const consumersMax = 20;
