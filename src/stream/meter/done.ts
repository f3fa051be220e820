import type { ProducerCounts, ReaderCounts } from './counts.ts';

/** The same, and may change. */
export type Changeable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** What tells the places of one reader apart. */
export function placeOf({ kind, stream, shard }: Pick<ReaderCounts, 'kind' | 'stream' | 'shard'>): string {
  return `${kind}/${stream}/${shard}`;
}

/** A reader that has read nothing yet. */
export function nothingRead(reader: ReaderCounts): Changeable<ReaderCounts> {
  return { ...reader, records: 0, bytes: 0 };
}

/** Adds what a reader has read. Where it stands is what it read last. */
export function addReader(reader: Changeable<ReaderCounts>, read: ReaderCounts): void {
  reader.records += read.records;
  reader.bytes += read.bytes;
  if (read.at < reader.at) return;
  reader.at = read.at;
  reader.ageMs = read.ageMs;
  reader.next = read.next;
}

/** A producer that has put nothing yet. */
export function newProducer(name: string, stream: string): Changeable<ProducerCounts> {
  return { stream, name, records: 0, bytes: 0, at: 0 };
}

/** Adds what a producer has put. */
export function addProducer(producer: Changeable<ProducerCounts>, put: ProducerCounts): void {
  producer.records += put.records;
  producer.bytes += put.bytes;
  producer.at = Math.max(producer.at, put.at);
}
