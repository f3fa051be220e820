import * as library from '@platformatic/kafka';

/** One partition's answer, its first record at this offset; of `wrong` records it says why. */
export function producedAt(version: number, first: number, wrong: readonly number[] = []): Buffer {
  const compact = version >= 9;
  const writer = library.Writer.create();
  const end = () => compact && writer.appendTaggedFields();
  writer.appendArray(
    ['a'],
    (_, topic) => {
      writer.appendString(topic, compact).appendArray(
        [4],
        (_partition, partition) => {
          writer.appendInt32(partition).appendInt16(0);
          for (const value of [BigInt(first), 1_700_000_000_000n, 3n]) writer.appendInt64(value);
          if (version >= 8) {
            writer.appendArray(
              [...wrong],
              (_wrong, index) => writer.appendInt32(index).appendString('why', compact),
              compact,
              compact,
            );
            writer.appendString(null, compact);
          }
        },
        compact,
        compact,
      );
    },
    compact,
    compact,
  );
  writer.appendInt32(0);
  end();
  return writer.buffer;
}

/** Two partitions, the first without records, the second with a transaction that was given up. */
export function fetchedAt(version: number, records: Buffer): Buffer {
  const compact = version >= 12;
  const writer = library.Writer.create().appendInt32(0).appendInt16(0).appendInt32(77);
  writer.appendArray(
    ['a'],
    (_, topic) => {
      writer.appendString(topic, compact).appendArray(
        [null, records],
        (_partition, bytes) => {
          writer.appendInt32(4).appendInt16(0).appendInt64(900n).appendInt64(800n).appendInt64(12n);
          const aborted = bytes === null ? null : [1n];
          writer.appendArray(
            aborted,
            (_each, id) => writer.appendInt64(id).appendInt64(5n),
            compact,
            compact,
          );
          writer.appendInt32(2).appendBytes(bytes, compact);
        },
        compact,
        compact,
      );
    },
    compact,
    compact,
  );
  if (compact) writer.appendTaggedFields();
  return writer.buffer;
}
