import type { StreamLimits } from '../../../kinesis/stream.ts';
import { ratesOf } from '../../../stream/stream-limits.ts';
import { long, type OutputOf, string, structure, type TypeOf } from '../../../wire/shape.ts';

const perSecond = long({ min: 1, max: 1_000_000_000_000 });

/** Of each shard of a stream. */
export const streamLimits = structure('StreamLimits', {
  /** What holds where no number is given; without it, what holds for the server. */
  Enforced: string({ values: ['aws', 'none'] }),
  WriteBytesPerSecond: perSecond,
  WriteRecordsPerSecond: perSecond,
  ReadBytesPerSecond: perSecond,
  /** Calls of GetRecords, and of GetShardIterator. */
  ReadsPerSecond: perSecond,
});

/** Null where nothing is said: the server's limits hold. */
export function limitsSaid(said: TypeOf<typeof streamLimits>): StreamLimits | null {
  const limits = {
    enforced: said.Enforced,
    writeBytesPerSecond: said.WriteBytesPerSecond,
    writeRecordsPerSecond: said.WriteRecordsPerSecond,
    readBytesPerSecond: said.ReadBytesPerSecond,
    readsPerSecond: said.ReadsPerSecond,
  };
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return given.length === 0 ? null : Object.fromEntries(given);
}

/** As they were said. */
export function viewLimits(limits: StreamLimits = {}): OutputOf<typeof streamLimits> {
  return {
    Enforced: limits.enforced,
    WriteBytesPerSecond: limits.writeBytesPerSecond,
    WriteRecordsPerSecond: limits.writeRecordsPerSecond,
    ReadBytesPerSecond: limits.readBytesPerSecond,
    ReadsPerSecond: limits.readsPerSecond,
  };
}

/** What they come to at a server; what is not limited is absent. */
export function viewEffective(
  limits: StreamLimits | undefined,
  limited: boolean,
): OutputOf<typeof streamLimits> {
  const { writeBytes, writeRecords, readBytes, readCalls } = ratesOf(limits, limited);
  const finite = (rate: number) => (Number.isFinite(rate) ? rate : undefined);
  return {
    WriteBytesPerSecond: finite(writeBytes),
    WriteRecordsPerSecond: finite(writeRecords),
    ReadBytesPerSecond: finite(readBytes),
    ReadsPerSecond: finite(readCalls),
  };
}
