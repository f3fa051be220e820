import { createHash } from 'node:crypto';

/** An aggregate as the Kinesis Producer Library writes it: data and partition keys, in their order. */
export function aggregated(
  records: readonly (readonly [partitionKey: string, data: string | Buffer])[],
): Buffer {
  const keys = [...new Set(records.map(([key]) => key))];
  const message = Buffer.concat([
    ...keys.map((key) => field(1, Buffer.from(key))),
    field(2, Buffer.from('340282366920938463463374607431768211455')),
    ...records.map(([key, data]) => {
      const tag = field(4, field(1, Buffer.from('tag')));
      const number = Buffer.concat([varint(1 << 3), varint(keys.indexOf(key)), varint(2 << 3), varint(0)]);
      return field(3, Buffer.concat([number, field(3, Buffer.from(data)), tag]));
    }),
  ]);
  const digest = createHash('md5').update(message).digest();
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, digest]);
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
