import { deflateRawSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import avsc from 'avsc';
import { IcebergError } from '../iceberg-table.ts';

/**
 * An object container file (Avro specification 1.11, "Object Container Files"), in one block:
 *
 *   "Obj" 1, metadata: map of bytes, sync: 16 bytes,
 *   each block: long count of records, long bytes, the records by the codec, sync
 *
 * The library's own writer has no room for metadata, and drops the ids of fields from the schema.
 */
export function writeAvroFile(file: {
  readonly form: AvroForm;
  readonly metadata: Readonly<Record<string, string>>;
  readonly records: readonly unknown[];
  /** 16 bytes. */
  readonly sync: Buffer;
}): Buffer {
  const { form, metadata, records, sync } = file;
  const header = headerType.toBuffer({
    magic,
    meta: Object.fromEntries(
      Object.entries({
        ...metadata,
        'avro.schema': form.text,
        'avro.codec': 'deflate',
      }).map(([key, value]) => [key, Buffer.from(value)]),
    ),
    sync,
  });
  if (records.length === 0) return header;
  const block = deflateRawSync(Buffer.concat(records.map((record) => form.type.toBuffer(record))));
  return Buffer.concat([header, longOf(records.length), longOf(block.length), block, sync]);
}

/** A schema, compiled, which takes a millisecond. */
export type AvroForm = { readonly schema: object; readonly text: string; readonly type: avsc.Type };

export function avroForm(schema: object): AvroForm {
  return { schema, text: JSON.stringify(schema), type: typeOf(schema) };
}

export type AvroFile = {
  readonly schema: unknown;
  /** Whether the schema is the one that was expected. */
  readonly isExpected: boolean;
  readonly metadata: ReadonlyMap<string, string>;
  readonly records: readonly unknown[];
};

/**
 * Longs are bigints. `expected` is what most files of the kind have. Throws `IcebergError` of code `BadFile`.
 */
export function readAvroFile(bytes: Buffer, path: string, expected?: AvroForm): AvroFile {
  try {
    return readFile(bytes, expected);
  } catch (error) {
    throw new IcebergError(`${path} cannot be read as Avro: ${String(error)}`, 'BadFile', false);
  }
}

function readFile(bytes: Buffer, expected: AvroForm | undefined): AvroFile {
  const header: { value: Header; offset: number } = headerType.decode(bytes, 0);
  if (header.offset < 0 || !header.value.magic.equals(magic)) throw new Error('it has no header');
  const metadata = new Map(Object.entries(header.value.meta).map(([key, value]) => [key, String(value)]));
  const text = metadata.get('avro.schema') ?? '';
  const isExpected = text === expected?.text;
  const { schema, type } = isExpected ? expected : formIn(text);
  const codec = metadata.get('avro.codec') ?? 'null';
  const records: unknown[] = [];
  let at = header.offset;
  while (at < bytes.length) {
    const count: { value: bigint; offset: number } = longType.decode(bytes, at);
    const size: { value: bigint; offset: number } = longType.decode(bytes, count.offset);
    const end = size.offset + Number(size.value);
    if (count.offset < 0 || size.offset < 0 || end + header.value.sync.length > bytes.length) {
      throw new Error('it ends within a block');
    }
    readBlock(type, unpacked(bytes.subarray(size.offset, end), codec), Number(count.value), records);
    if (!bytes.subarray(end, end + 16).equals(header.value.sync)) throw new Error('a block has no end');
    at = end + 16;
  }
  return { schema, isExpected, metadata, records };
}

function formIn(text: string): { readonly schema: unknown; readonly type: avsc.Type } {
  const schema: unknown = JSON.parse(text);
  if (typeof schema !== 'object' || schema === null) throw new Error('its schema is no record');
  return { schema, type: typeOf(schema) };
}

type Header = { readonly magic: Buffer; readonly meta: Record<string, Buffer>; readonly sync: Buffer };

function readBlock(type: avsc.Type, block: Buffer, count: number, into: unknown[]): void {
  // A record has a byte at least, so a count that is more than the bytes is damage.
  if (count > block.length) throw new Error('a block counts more than it has');
  let at = 0;
  for (let index = 0; index < count; index++) {
    const record: { value: unknown; offset: number } = type.decode(block, at);
    if (record.offset < 0) throw new Error('a record is cut off');
    into.push(record.value);
    at = record.offset;
  }
}

function unpacked(block: Buffer, codec: string): Buffer {
  switch (codec) {
    case 'null':
      return block;
    case 'deflate':
      return inflateRawSync(block, { maxOutputLength: blockBytesMax });
    case 'zstandard':
      return zstdDecompressSync(block, { maxOutputLength: blockBytesMax });
    default:
      throw new Error(`its codec is ${codec}`);
  }
}

/** What a block is at most once it is unpacked: a manifest list of a million manifests. */
const blockBytesMax = 256 * 1024 * 1024;

/** 8 bytes, little-endian, is what the library hands over for a long. */
const longType = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (left: bigint, right: bigint) => (left === right ? 0 : left < right ? -1 : 1),
});

const magic = Buffer.from('Obj\x01', 'latin1');

const headerType = avsc.Type.forSchema({
  type: 'record',
  name: 'org.apache.avro.file.Header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'Magic', size: magic.length } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'Sync', size: 16 } },
  ],
});

function typeOf(schema: object): avsc.Type {
  // The library notes names in the registry, so each has its own.
  return avsc.Type.forSchema(schema as avsc.schema.RecordType, {
    registry: { long: longType },
    wrapUnions: 'never',
    omitRecordMethods: true,
  });
}

function longOf(value: number): Buffer {
  return longType.toBuffer(BigInt(value));
}
