import type { Millis } from '../../env/clock.ts';
import { boundPatterns } from '../../views/bounded-patterns.ts';
import { runQuery, type ScanBounds } from '../../views/query/run-query.ts';
import type { DecodedRecord } from '../../views/view.ts';
import { ViewError } from '../../views/view-error.ts';
import { jsonText } from '../answer-text.ts';
import type { CommandWorld } from '../command-world.ts';
import { type From, Source } from '../copy/source.ts';
import { readMerged } from '../read/merged-reading.ts';
import { decoderOf, openEnd, pauseAtTip, untilAborted, viewFailure } from '../read/open-view.ts';
import { timeOf } from '../read/when.ts';
import type { QueryRequest } from './query-request.ts';
import { RowTable } from './row-table.ts';

/** Answers a query row by row. Rejects with `StartError` for what is no query, and as calls do. */
export function query(request: QueryRequest, world: CommandWorld): Promise<number> {
  boundPatterns();
  return untilAborted(world, async () => {
    try {
      await answer(request, world);
    } catch (error) {
      throw error instanceof ViewError ? viewFailure('the query', error) : error;
    }
  });
}

async function answer(request: QueryRequest, world: CommandWorld): Promise<void> {
  const { out, clock, signal } = world;
  const { json = !out.isTerminal } = request;
  const scan = await scanOf(request, world);
  const { columns, rows } = runQuery(request.sql, scan, signal);
  const table = json ? undefined : new RowTable(columns, out, clock);
  for await (const row of rows) {
    await (table === undefined ? out.write(jsonLine(columns, row)) : table.add(row));
    if (out.isClosed) return;
  }
  await table?.end();
}

function jsonLine(columns: readonly string[], row: readonly unknown[]): string {
  return `${jsonText(Object.fromEntries(columns.map((column, index) => [column, row[index]])))}\n`;
}

/** Reads what the request and the query are both about. */
async function scanOf(request: QueryRequest, world: CommandWorld) {
  const { clock } = world;
  const now = clock.now();
  const decode = await decoderOf(request.decoding, world);
  const end = await openEnd(request.place, world);
  const source = new Source(end, request.stream);
  const since = request.since === 'TRIM_HORIZON' ? undefined : timeOf(request.since, now);
  const until = request.until === undefined ? now : timeOf(request.until, now);
  return async function* (bounds: ScanBounds, signal: AbortSignal): AsyncIterable<Iterable<DecodedRecord>> {
    const first = latest(since, bounds.from);
    const last = Math.min(until, bounds.end ?? until);
    if (first !== undefined && first >= last) return;
    const shards = await knownShards(source, bounds.shards);
    if (shards?.length === 0) return;
    const reading = { from: fromTime(first), end: last, follows: false, shards, pauseMs: pauseAtTip(end) };
    for await (const records of readMerged(source, reading, clock, signal)) yield decode(records);
  };
}

/** A condition may name shards that there are not. */
async function knownShards(
  source: Source,
  shards: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (shards === undefined) return undefined;
  const known = (await source.shards()).map(({ ShardId }) => ShardId);
  return shards.filter((shard) => known.includes(shard));
}

function latest(left: Millis | undefined, right: Millis | undefined): Millis | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}

function fromTime(first: Millis | undefined): From {
  if (first === undefined) return { ShardIteratorType: 'TRIM_HORIZON' };
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: first / 1000 };
}
