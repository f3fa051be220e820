import {
  offsetOf,
  parseSequenceNumber,
  type SequenceNumber,
  secondOf,
} from '../../kinesis/sequence-number.ts';
import { findShard, type Stream } from '../../kinesis/stream.ts';
import type { Lease, LeaseTable } from '../../services/millrace/parts/lease-table.ts';

/** Leases of an application for one stream; a stray where it cannot be told which one. */
export type StreamLeases = { readonly leases: readonly ReadLease[] } & (
  | { readonly stream: Stream }
  | { readonly stream: undefined; readonly reason: string }
);

/** A lease, with its checkpoint taken apart where it is a sequence number. */
export type ReadLease = Lease & { readonly number: SequenceNumber | undefined };

/**
 * Which streams an application reads, of those of its account and region by name. Leases of one that reads
 * several name theirs. Others do not: their checkpoints carry the second in which the shard was opened, newer
 * ones the shard's range, and where that leaves several streams, a consumer that is called as the
 * application, or a name in the application's, tells them apart.
 */
export function streamsOfApplication(
  table: LeaseTable,
  streams: ReadonlyMap<string, Stream>,
): StreamLeases[] {
  const leases = table.leases.map((lease) => ({ ...lease, number: numberIn(lease.checkpoint) }));
  const named = Map.groupBy(leases, ({ stream }) => stream);
  return Array.from(named, ([name, own]) =>
    name === undefined ? unnamed(table, own, streams) : ofNamed(name, own, streams),
  );
}

function numberIn(checkpoint: string): SequenceNumber | undefined {
  return /^\d{1,128}$/.test(checkpoint) ? parseSequenceNumber(checkpoint) : undefined;
}

/** `identifier` is a name, or `account:name:creation second` (KCL's `StreamIdentifier.serialize`). */
function ofNamed(
  identifier: string,
  leases: readonly ReadLease[],
  streams: ReadonlyMap<string, Stream>,
): StreamLeases {
  const [account, name = identifier, second] = identifier.includes(':') ? identifier.split(':') : [];
  const stream = streams.get(name);
  const isOwn = stream !== undefined && (account === undefined || account === stream.account);
  if (!isOwn) return { leases, stream: undefined, reason: `Its stream ${identifier} is not here.` };
  if (second === undefined || Number(second) === secondOf(stream.createdAt)) return { leases, stream };
  return { leases, stream: undefined, reason: `The stream ${name} that it read was deleted.` };
}

function unnamed(
  { application, streams: said }: LeaseTable,
  leases: readonly ReadLease[],
  streams: ReadonlyMap<string, Stream>,
): StreamLeases {
  if (said.length === 1) return ofNamed(said[0]!, leases, streams);
  // What has a sequence number says most, so most streams are out at the first lease.
  const telling = leases.toSorted(
    (one, other) => Number(one.number === undefined) - Number(other.number === undefined),
  );
  const fitting = [...streams.values()].filter((stream) => telling.every((lease) => fits(stream, lease)));
  const [only, ...others] = fitting;
  if (only === undefined) return { leases, stream: undefined, reason: 'Its leases fit none of the streams.' };
  if (others.length === 0) return { leases, stream: only };
  const consumed = fitting.filter(({ consumers }) => consumers.some(({ name }) => name === application));
  if (consumed.length === 1) return { leases, stream: consumed[0]! };
  const called = fitting.filter(({ name }) => application.includes(name));
  const longest = called.toSorted((one, other) => other.name.length - one.name.length)[0];
  if (longest !== undefined) return { leases, stream: longest };
  const names = fitting.slice(0, namesMax).map(({ name }) => name);
  return { leases, stream: undefined, reason: `Its leases fit several streams: ${names.join(', ')}.` };
}

const namesMax = 5;

/** Whether a lease may be of a shard of the stream; of shards that have expired nothing is known any more. */
function fits(stream: Stream, { shard: index, number, range }: ReadLease): boolean {
  if (index >= stream.nextShard) return false;
  const shard = findShard(stream, index);
  if (shard === undefined) return true;
  if (range !== undefined && range.first !== String(shard.range.first)) return false;
  if (range !== undefined && range.last !== String(shard.range.last)) return false;
  if (number === undefined) return true;
  return number.shardIndex === index && number.createdSecond === secondOf(shard.createdAt);
}

/**
 * Where a lease's worker reads on, from what its checkpoint says: behind the record that was processed last;
 * `SHARD_END` for all, `TRIM_HORIZON` for the oldest record. Undefined where it says nothing: LATEST is
 * wherever its worker began.
 */
export function placeOf({ checkpoint, number }: ReadLease): number | undefined {
  if (checkpoint === 'SHARD_END') return Number.POSITIVE_INFINITY;
  if (checkpoint === 'TRIM_HORIZON') return 0;
  return number === undefined ? undefined : offsetOf(number) + 1;
}
