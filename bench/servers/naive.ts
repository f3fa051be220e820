/**
 * What one would write in an afternoon: durable puts with JSON.parse and one appended file. Appends that
 * arrive during an fdatasync share the next one. No signatures, no reading.
 */
import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

type Entry = { PartitionKey: string; Data: string };
type Put = { frames: Buffer[]; durable: () => void };

const [port, path] = process.argv.slice(2) as [string, string];
const file: FileHandle = await open(path, 'a');
let waiting: Put[] = [];
let writing = false;
let sequenceNumber = 0;

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, JSON.parse(Buffer.concat(chunks).toString())));
}).listen(Number(port), '127.0.0.1');

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  input: Entry & { Records?: Entry[] },
) {
  const operation = String(request.headers['x-amz-target']).split('.')[1];
  const body = JSON.stringify(await handle(operation, input));
  response.setHeader('Content-Type', 'application/x-amz-json-1.1');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

async function handle(operation: string | undefined, input: Entry & { Records?: Entry[] }): Promise<object> {
  if (operation === 'PutRecords') return { FailedRecordCount: 0, Records: await put(input.Records ?? []) };
  if (operation === 'PutRecord') return (await put([input]))[0]!;
  return { StreamNames: [], StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } };
}

async function put(entries: Entry[]) {
  const frames: Buffer[] = [];
  const answers = entries.map((entry) => {
    const shard = hash('md5', entry.PartitionKey, 'buffer')[0]! >> 6;
    const data = Buffer.from(entry.Data, 'base64');
    frames.push(Buffer.from(`${shard} ${data.length} ${entry.PartitionKey}\n`), data);
    return { SequenceNumber: String(sequenceNumber++), ShardId: `shardId-00000000000${shard}` };
  });
  await new Promise<void>((resolve) => {
    waiting.push({ frames, durable: resolve });
    if (!writing) void write();
  });
  return answers;
}

async function write() {
  writing = true;
  while (waiting.length > 0) {
    const round = waiting;
    waiting = [];
    await file.write(Buffer.concat(round.flatMap((each) => each.frames)));
    await file.datasync();
    for (const each of round) each.durable();
  }
  writing = false;
}
