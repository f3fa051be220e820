import { StartError } from '../../env/start-error.ts';
import { csvObjects } from './csv-objects.ts';
import { jsonTexts } from './json-texts.ts';
import { lines } from './lines.ts';
import type { PutForm } from './put-command.ts';

/** What is put: its bytes, and its key where it has one already. */
export type ReadRecord = {
  readonly data: Uint8Array;
  readonly partitionKey?: string;
  readonly explicitHashKey?: string;
};

/** The records in what is read. Rejects with `StartError` for what is none of the form. */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  form: PutForm,
  name: string,
): AsyncGenerator<ReadRecord> {
  switch (form) {
    case 'lines':
      for await (const line of lines(bytes)) if (line !== '') yield { data: Buffer.from(line) };
      return;
    case 'json':
      for await (const text of jsonTexts(bytes, name)) yield { data: Buffer.from(text) };
      return;
    case 'csv':
      for await (const object of csvObjects(lines(bytes), name))
        yield { data: Buffer.from(JSON.stringify(object)) };
      return;
    case 'file':
      yield { data: await whole(bytes, name) };
      return;
    case 'records':
      for await (const line of lines(bytes)) if (line.trim() !== '') yield keptRecord(line, name);
  }
}

/** Whatever Kinesis takes, and no more (Kinesis developer guide, "Quotas": 10 MiB a record). */
const fileBytesMax = 10 * 1024 * 1024;

async function whole(bytes: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > fileBytesMax) throw new StartError(`${name} has more than 10 MiB, which no record has`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A line of `millrace tail --json`: the data as it was, or else the body. */
function keptRecord(line: string, name: string): ReadRecord {
  try {
    const { partitionKey, explicitHashKey, data, body } = JSON.parse(line);
    if (typeof partitionKey !== 'string') throw new Error('it has no partitionKey');
    const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(textOf(body));
    return { data: bytes, partitionKey, ...(typeof explicitHashKey === 'string' ? { explicitHashKey } : {}) };
  } catch (error) {
    throw new StartError(`${name} has a line that is no record: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
