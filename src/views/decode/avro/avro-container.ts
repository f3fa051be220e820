import { inflate, inflatedBytesMax } from '../inflated-layers.ts';
import { Undecodable } from '../undecodable.ts';
import { AvroCursor, type Counted } from './avro-cursor.ts';
import type { AvroRead } from './avro-reader.ts';

/** Whether data is an object container file (specification, "Object Container Files"). */
export function isContainer(data: Buffer): boolean {
  return data.length > magic.length && data.subarray(0, magic.length).equals(magic);
}

const magic = Buffer.from('Obj\x01', 'latin1');

/**
 * All that an object container file holds, by the schema that it says. `readerFor` makes a reader of that
 * text. `Undecodable` for what is broken, or compressed in a way that is not read here.
 */
export function containerValues(data: Buffer, readerFor: (schema: string) => AvroRead): readonly unknown[] {
  const counted: Counted = { values: 0 };
  const header = new AvroCursor(data.subarray(magic.length), counted);
  const metadata = new Map(
    Array.from(header.items(), () => {
      header.count();
      return [header.text(), header.take(header.size())] as const;
    }),
  );
  const sync = header.take(syncBytes);
  const read = readerFor(String(metadata.get('avro.schema') ?? ''));
  const codec = String(metadata.get('avro.codec') ?? 'null');
  const values: unknown[] = [];
  let bytes = 0;
  while (!header.isAtEnd) {
    const count = header.size();
    const block = unpacked(header.take(header.size()), codec);
    bytes += block.length;
    if (bytes > inflatedBytesMax) throw new Undecodable('its Avro becomes more than 16 MiB');
    const cursor = new AvroCursor(block, counted);
    for (let index = 0; index < count; index++) values.push(read(cursor));
    if (!cursor.isAtEnd) throw new Undecodable('a block of its Avro holds more than it counts');
    if (!header.take(syncBytes).equals(sync)) throw new Undecodable('a block of its Avro has no end');
  }
  return values;
}

const syncBytes = 16;

function unpacked(block: Buffer, codec: string): Buffer {
  switch (codec) {
    case 'null':
      return block;
    case 'deflate':
      return inflate('deflate', block);
    case 'zstandard':
      return inflate('zstd', block);
    default:
      throw new Undecodable(`its Avro is compressed by ${codec.slice(0, 20)}, which is not read here`);
  }
}
