import type { Endpoint } from '../../code/request.ts';
import { quoted } from '../../code/words.ts';
import type { RecordPlace } from './permalink.ts';

/** Code in a language that does what the page did; `title` is a product's name and is not translated. */
export type Snippet = { readonly title: string; readonly text: string };

/** Reads one record, where an endpoint other than AWS's is asked. */
export function readingSnippets(place: RecordPlace, { url, region }: Endpoint): Snippet[] {
  const { stream, shardId, sequenceNumber } = place;
  const cli = [
    `iterator=$(aws kinesis get-shard-iterator --endpoint-url ${shellWord(url)} --region ${shellWord(region)} \\`,
    `  --stream-name ${shellWord(stream)} --shard-id ${shellWord(shardId)} \\`,
    `  --shard-iterator-type AT_SEQUENCE_NUMBER --starting-sequence-number ${sequenceNumber} \\`,
    '  --query ShardIterator --output text)',
    `aws kinesis get-records --endpoint-url ${shellWord(url)} --region ${shellWord(region)} --shard-iterator "$iterator" --limit 1`,
  ];
  const script = [
    "import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';",
    '',
    `const client = new KinesisClient({ region: ${quoted(region)}, endpoint: ${quoted(url)} });`,
    'const { ShardIterator } = await client.send(',
    '  new GetShardIteratorCommand({',
    `    StreamName: ${quoted(stream)},`,
    `    ShardId: ${quoted(shardId)},`,
    "    ShardIteratorType: 'AT_SEQUENCE_NUMBER',",
    `    StartingSequenceNumber: ${quoted(sequenceNumber)},`,
    '  }),',
    ');',
    'const { Records } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));',
    "console.log(Buffer.from(Records[0].Data).toString('utf8'));",
  ];
  const python = [
    'import boto3',
    '',
    `client = boto3.client('kinesis', region_name=${quoted(region)}, endpoint_url=${quoted(url)})`,
    'iterator = client.get_shard_iterator(',
    `    StreamName=${quoted(stream)},`,
    `    ShardId=${quoted(shardId)},`,
    "    ShardIteratorType='AT_SEQUENCE_NUMBER',",
    `    StartingSequenceNumber=${quoted(sequenceNumber)},`,
    ")['ShardIterator']",
    "print(client.get_records(ShardIterator=iterator, Limit=1)['Records'][0]['Data'])",
  ];
  return labelled(cli, script, python);
}

/** A word that a POSIX shell reads as it is written here. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function labelled(cli: readonly string[], script: readonly string[], python: readonly string[]): Snippet[] {
  return [
    { title: 'AWS CLI', text: cli.join('\n') },
    { title: 'JavaScript', text: script.join('\n') },
    { title: 'Python', text: python.join('\n') },
  ];
}
