import { basename } from 'node:path';
import { StartError } from '../../env/start-error.ts';
import { readUserPieces } from '../../env/user-file.ts';
import { placeAt } from '../aws-place.ts';
import { type CommandWorld, exitCodeAfter } from '../command-world.ts';
import { KinesisEnd } from '../copy/kinesis-end.ts';
import type { PutForm, PutRequest } from './put-command.ts';
import { PutProgress } from './put-progress.ts';
import { Putter } from './putter.ts';
import { type ReadRecord, readRecords } from './read-records.ts';
import { keysBy } from './record-key.ts';

/** Puts what is read into a stream; answers the exit code. Rejects as calls do. */
export async function runPut(request: PutRequest, world: CommandWorld): Promise<number> {
  const { out, progress, clock, random, signal } = world;
  const end = new KinesisEnd(await placeAt(request, world), { ...world, patienceMs });
  const keyOf = await keysBy(request.key, random);
  const shown = new PutProgress(progress, clock);
  const putter = new Putter(end, request, { clock, signal, shown });
  let index = 0;
  try {
    for (const file of request.files) {
      for await (const record of recordsOf(file, request, world)) {
        if (signal.aborted) break;
        await putter.put({ ...record, partitionKey: keyOf(record, index++) });
      }
    }
    await putter.flush();
  } finally {
    await shown.end();
  }
  const { records, bytes, retries } = shown;
  const asJson = request.json ?? !out.isTerminal;
  const { summary } = shown;
  const json = { Records: records, Bytes: bytes, Retries: retries, Shards: putter.shards };
  await out.write(asJson ? `${JSON.stringify(json)}\n` : `${summary} into ${request.stream}\n`);
  return exitCodeAfter(signal);
}

const patienceMs = 60_000;

async function* recordsOf(
  file: string,
  { form }: PutRequest,
  world: CommandWorld,
): AsyncGenerator<ReadRecord> {
  if (file === '-' && world.inputIsTerminal)
    await world.progress.write('Type records, a line each; Ctrl-D ends them.\n');
  const name = file === '-' ? 'stdin' : file;
  const bytes = file === '-' ? world.input() : piecesOf(file);
  const peeked = await firstOf(bytes);
  yield* readRecords(peeked.all, form ?? formOf(file, peeked.text), name);
}

async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* readUserPieces(file);
  } catch (error) {
    throw new StartError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** What a text begins with, and all of it. */
async function firstOf(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly text: string; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  const piece = first.done ? new Uint8Array(0) : first.value;
  async function* all() {
    yield piece;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { text: String(Buffer.from(piece.subarray(0, 64))).trimStart(), all: all() };
}

function formOf(file: string, text: string): PutForm {
  if (/\.(json|ndjson|jsonl)$/i.test(basename(file))) return 'json';
  if (/\.csv$/i.test(basename(file))) return 'csv';
  return file === '-' && text.startsWith('[') ? 'json' : 'lines';
}
