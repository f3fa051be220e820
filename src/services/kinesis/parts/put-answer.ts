import { strict as assert } from 'node:assert';
import { advanceNumber, sequenceNumberDigits, sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Shard } from '../../../kinesis/stream.ts';
import type { Appended } from '../../../log/log.ts';
import type { RoutedPut } from '../../../stream/routed-put.ts';

/** What an answer says of a record that is stored. */
type Place = { readonly SequenceNumber: string; readonly ShardId: string };

/**
 * Bytes that say where a record is, as an encoder wrote them: all numbers are of one length, and all shard
 * ids.
 */
export type PlaceTemplate = {
  readonly bytes: Buffer;
  readonly numberAt: number;
  readonly shardIdAt: number;
};

/**
 * An answer that lists places, in parts: what stands before them, one and what follows it, what stands behind
 * them.
 */
export type PlacesTemplate = {
  readonly opening: Buffer;
  readonly entry: PlaceTemplate;
  /** How many of the entry's bytes are only there when another follows. */
  readonly separatorBytes: number;
  readonly closing: Buffer;
};

/** Takes an answer about any record for a template. */
export function placeTemplate(encode: (place: Place) => Buffer): PlaceTemplate {
  return templateOf(encode(anyPlace));
}

/** Finds the parts of an answer by how it grows. */
export function placesTemplate(encode: (places: readonly Place[]) => Buffer): PlacesTemplate {
  const [none, one, two] = [encode([]), encode([anyPlace]), encode([anyPlace, anyPlace])] as const;
  const start = none.findIndex((byte, index) => byte !== one[index]);
  const entryBytes = two.length - one.length;
  return {
    opening: none.subarray(0, start),
    entry: templateOf(two.subarray(start, start + entryBytes)),
    separatorBytes: entryBytes - (one.length - none.length),
    closing: none.subarray(start),
  };
}

/** The place of a part's first record. */
export function placeBytes(template: PlaceTemplate, shard: Shard, { first, arrival }: Appended): Buffer {
  const bytes = Buffer.from(template.bytes);
  const number = sequenceNumberOf(shard, first, arrival);
  const shardId = formatShardId(shard.index);
  assert(number.length === anyPlace.SequenceNumber.length);
  assert(shardId.length === anyPlace.ShardId.length);
  bytes.write(number, template.numberAt, 'latin1');
  bytes.write(shardId, template.shardIdAt, 'latin1');
  return bytes;
}

/** The answer to a PutRecords all of whose records are stored; undefined when some are not. */
export function storedAnswer(
  { records, parts, partOf }: RoutedPut,
  { opening, entry: template, separatorBytes, closing }: PlacesTemplate,
): Buffer | undefined {
  const entries: Buffer[] = [];
  for (const { shard, count, outcome } of parts) {
    if (count > 0 && outcome.kind !== 'stored') return undefined;
    entries.push(outcome.kind === 'stored' ? placeBytes(template, shard, outcome) : nothing);
  }
  const entryBytes = template.bytes.length;
  const numberEnd = template.numberAt + sequenceNumberDigits;
  const answer = Buffer.allocUnsafe(
    opening.length + records.count * entryBytes - separatorBytes + closing.length,
  );
  let at = opening.copy(answer);
  for (let index = 0; index < records.count; index++) {
    const entry = entries[partOf[index]!]!;
    for (let byte = 0; byte < entryBytes; byte++) answer[at + byte] = entry[byte]!;
    advanceNumber(entry, numberEnd);
    at += entryBytes;
  }
  closing.copy(answer, at - separatorBytes);
  return answer;
}

function templateOf(bytes: Buffer): PlaceTemplate {
  const { SequenceNumber, ShardId } = anyPlace;
  return { bytes, numberAt: bytes.indexOf(SequenceNumber), shardIdAt: bytes.indexOf(ShardId) };
}

const anyPlace: Place = { SequenceNumber: '0'.repeat(sequenceNumberDigits), ShardId: formatShardId(0) };
const nothing = Buffer.alloc(0);
