import { StartError } from '../../env/start-error.ts';
import type { ListReadersAnswer, ReaderSight } from '../../services/millrace/sights.ts';
import { cut, durationText, jsonText, printable } from '../answer-text.ts';
import { type AwsCalls, callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { askMillrace } from '../millrace-calls.ts';
import { describedStream } from '../stream/described-stream.ts';
import { type Cell, table } from '../table.ts';
import type { ConsumersOptions } from './consumers-command.ts';

/** Tells who reads; answers the exit code. Rejects as calls do. */
export async function runConsumers(
  stream: string | undefined,
  options: ConsumersOptions,
  world: CommandWorld,
): Promise<number> {
  const calls = await callsAt(options, world);
  const input = stream === undefined ? {} : { StreamName: stream };
  const answer = await askMillrace<ListReadersAnswer>(calls, 'ListReaders', input);
  const readers = answer?.Readers ?? (await registered(calls, stream));
  const { out } = world;
  if (options.json ?? !out.isTerminal) {
    await out.write(`${jsonText(readers, 2)}\n`);
  } else if (readers.length === 0) {
    await out.write(stream === undefined ? 'Nobody reads any stream.\n' : `Nobody reads ${stream}.\n`);
  } else {
    await out.write(options.shards ? shardsText(readers, world) : readersText(readers, world));
  }
  return 0;
}

/** What AWS tells: ListStreamConsumers. */
async function registered(calls: AwsCalls, stream: string | undefined): Promise<ReaderSight[]> {
  if (stream === undefined)
    throw new StartError('AWS tells of one stream at a time: millrace consumers <stream>');
  const { StreamARN: arn } = await describedStream(calls, stream);
  type Consumer = {
    readonly ConsumerName: string;
    readonly ConsumerARN: string;
    readonly ConsumerStatus: string;
  };
  type Page = { readonly Consumers: readonly Consumer[]; readonly NextToken?: string };
  const readers: ReaderSight[] = [];
  let next: string | undefined;
  do {
    const more = next === undefined ? {} : { NextToken: next };
    const page = await calls.kinesis<Page>('ListStreamConsumers', { StreamARN: arn, ...more });
    for (const { ConsumerName: Name, ConsumerARN: Id, ConsumerStatus: State } of page.Consumers) {
      readers.push({ Kind: 'fan-out', Name, Id, StreamName: stream, State, Shards: [] });
    }
    next = page.NextToken;
  } while (next !== undefined);
  return readers;
}

function readersText(readers: readonly ReaderSight[], { out }: CommandWorld): string {
  const columns = [
    ...['NAME', 'KIND', 'STREAM', 'STATE'].map((head) => ({ head })),
    ...['LAG', 'LOSS IN', 'FAILURES'].map((head) => ({ head, align: 'right' as const })),
    { head: 'TO' },
  ];
  const rows = readers.map((reader): Cell[] => [
    ...[cut(printable(reader.Name), nameColumns), reader.Kind, reader.StreamName, reader.State],
    durationOf(reader.LagMillis),
    lossOf(reader),
    reader.Failures === undefined ? '-' : String(reader.Failures),
    reader.To ?? '-',
  ]);
  return table(columns, rows, out);
}

function shardsText(readers: readonly ReaderSight[], { out }: CommandWorld): string {
  const columns = [
    ...['NAME', 'STREAM', 'SHARD'].map((head) => ({ head })),
    { head: 'LAG', align: 'right' as const },
    ...['OWNER', 'CHECKPOINT'].map((head) => ({ head })),
  ];
  const rows = readers.flatMap((reader) =>
    reader.Shards.map((shard): Cell[] => [
      ...[cut(printable(reader.Name), nameColumns), reader.StreamName, shard.ShardId],
      durationOf(shard.LagMillis),
      ...[printable(shard.Owner ?? '-'), shard.Checkpoint ?? '-'],
    ]),
  );
  return table(columns, rows, out);
}

const nameColumns = 60;

function durationOf(ms: number | undefined): string {
  return ms === undefined ? '-' : durationText(ms);
}

/** Red within an hour, yellow within a day. */
function lossOf({ TimeToLossMillis: left }: ReaderSight): Cell {
  if (left === undefined) return '-';
  const text = left <= 0 ? 'now' : durationText(left);
  if (left < 3_600_000) return { text, style: 'red' };
  return left < 86_400_000 ? { text, style: 'yellow' } : text;
}
