import type { NewRecord } from './produce-input.ts';
import type { StreamEvent } from './resumed-events.ts';

/**
 * A range of a stream that is read to its end. `looked` are the records that the server looked at, in this
 * and earlier connections.
 */
export type RangeProgress = {
  read: number;
  looked: number;
  isComplete: boolean;
  trouble: string | undefined;
};

/** The records of a range as the texts in which they come, counted in `progress`. */
export async function* textsOfRange(
  events: AsyncIterable<StreamEvent>,
  progress: RangeProgress,
): AsyncGenerator<string> {
  for await (const { event, data } of events) {
    if (event === 'record') {
      progress.read++;
      yield data;
    } else if (event === 'status') {
      progress.looked = Math.max(progress.looked, (JSON.parse(data) as { records: number }).records);
    } else if (event === 'trouble') {
      const { type, message } = JSON.parse(data) as { type: string; message: string };
      progress.trouble = `${type}: ${message}`;
    } else if (event === 'end') {
      const { records = 0, reason } = JSON.parse(data) as { records?: number; reason: string };
      progress.looked = Math.max(progress.looked, records);
      progress.isComplete = reason === 'until' || reason === 'shards' || reason === 'limit';
    }
  }
}

/**
 * Records as they were, to be put into another stream: key and bytes are the same, the explicit hash key,
 * which Kinesis tells nobody, is not known.
 */
export async function* replayedRecords(texts: AsyncIterable<string>): AsyncGenerator<NewRecord> {
  for await (const text of texts) {
    const { partitionKey, data } = JSON.parse(text) as { partitionKey: string; data: string };
    yield { partitionKey, data };
  }
}

/** Pieces of a file with a text a line: few large ones, since each is a part of a Blob. */
export async function* linesInPieces(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  let lines: string[] = [];
  let length = 0;
  for await (const text of texts) {
    lines.push(text);
    length += text.length + 1;
    if (length < pieceMin) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
    length = 0;
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

const pieceMin = 1024 * 1024;
