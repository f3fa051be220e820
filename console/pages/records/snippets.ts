import type { RecordPlace } from './permalink.ts';

/** Code in a language that does what the page did; `label` is a product's name and is not translated. */
export type Snippet = { readonly label: string; readonly code: string };

/** Reads one record, where an endpoint other than AWS's is asked. */
export function readingSnippets(place: RecordPlace, endpoint: string): Snippet[] {
  const { stream, shardId, sequenceNumber } = place;
  const cli = [
    `iterator=$(aws kinesis get-shard-iterator --endpoint-url ${shellWord(endpoint)} \\`,
    `  --stream-name ${shellWord(stream)} --shard-id ${shellWord(shardId)} \\`,
    `  --shard-iterator-type AT_SEQUENCE_NUMBER --starting-sequence-number ${sequenceNumber} \\`,
    '  --query ShardIterator --output text)',
    `aws kinesis get-records --endpoint-url ${shellWord(endpoint)} --shard-iterator "$iterator" --limit 1`,
  ];
  const script = [
    "import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';",
    '',
    `const client = new KinesisClient({ endpoint: ${quoted(endpoint)} });`,
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
    `client = boto3.client("kinesis", endpoint_url=${JSON.stringify(endpoint)})`,
    'iterator = client.get_shard_iterator(',
    `    StreamName=${JSON.stringify(stream)},`,
    `    ShardId=${JSON.stringify(shardId)},`,
    '    ShardIteratorType="AT_SEQUENCE_NUMBER",',
    `    StartingSequenceNumber=${JSON.stringify(sequenceNumber)},`,
    ')["ShardIterator"]',
    'print(client.get_records(ShardIterator=iterator, Limit=1)["Records"][0]["Data"])',
  ];
  return labelled(cli, script, python);
}

/** Puts one record; `data` in base64. */
export function puttingSnippets(
  stream: string,
  record: {
    readonly partitionKey: string;
    readonly data: string;
    readonly explicitHashKey?: string | undefined;
  },
  endpoint: string,
): Snippet[] {
  const { partitionKey, data, explicitHashKey } = record;
  const hash = explicitHashKey === undefined ? '' : ` --explicit-hash-key ${shellWord(explicitHashKey)}`;
  const cli = [
    `aws kinesis put-record --endpoint-url ${shellWord(endpoint)} --cli-binary-format base64 \\`,
    `  --stream-name ${shellWord(stream)} --partition-key ${shellWord(partitionKey)}${hash} \\`,
    `  --data ${shellWord(data)}`,
  ];
  const script = [
    "import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';",
    '',
    `const client = new KinesisClient({ endpoint: ${quoted(endpoint)} });`,
    'await client.send(',
    '  new PutRecordCommand({',
    `    StreamName: ${quoted(stream)},`,
    `    PartitionKey: ${quoted(partitionKey)},`,
    ...(explicitHashKey === undefined ? [] : [`    ExplicitHashKey: ${quoted(explicitHashKey)},`]),
    `    Data: Buffer.from(${quoted(data)}, 'base64'),`,
    '  }),',
    ');',
  ];
  const python = [
    'import base64, boto3',
    '',
    `client = boto3.client("kinesis", endpoint_url=${JSON.stringify(endpoint)})`,
    'client.put_record(',
    `    StreamName=${JSON.stringify(stream)},`,
    `    PartitionKey=${JSON.stringify(partitionKey)},`,
    ...(explicitHashKey === undefined ? [] : [`    ExplicitHashKey=${JSON.stringify(explicitHashKey)},`]),
    `    Data=base64.b64decode(${JSON.stringify(data)}),`,
    ')',
  ];
  return labelled(cli, script, python);
}

/** A word that a POSIX shell reads as it is written here. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A literal of JavaScript in single quotes. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function labelled(cli: readonly string[], script: readonly string[], python: readonly string[]): Snippet[] {
  return [
    { label: 'AWS CLI', code: cli.join('\n') },
    { label: 'JavaScript', code: script.join('\n') },
    { label: 'Python', code: python.join('\n') },
  ];
}
