import type { Wrapping } from '../data-keys.ts';
import type { NewBatch } from '../log.ts';
import type { Mark } from './client.ts';
import { writeVarint } from './varint.ts';

/** What headers of ours say of a record: it is for nobody to see, or the box of so many records. */
export type Own = Mark | { readonly count: number; readonly key: Wrapping };

/** What a record's headers are, as far as they are of ours. */
export type OwnHeaders = {
  /** `mark`, a blank and the mark; or `box`, a blank and how many records are in it. */
  kind?: string;
  arn?: string;
  wrapped?: Buffer;
};

/** The names of headers of ours; a consumer of Kafka may look at them. */
export const headerNames = {
  kind: 'millrace',
  arn: 'millrace-key-arn',
  wrapped: 'millrace-wrapped-key',
} as const;

/** The headers of a mark, or of an encrypted batch, as a record has them: their number and themselves. */
export function encodeOwnHeaders(appended: NewBatch | Mark): Buffer {
  if ('mark' in appended) return encodeHeaders([[headerNames.kind, Buffer.from(`mark ${appended.mark}`)]]);
  return encodeHeaders([
    [headerNames.kind, Buffer.from(`box ${appended.count}`)],
    [headerNames.arn, Buffer.from(appended.key!.arn)],
    [headerNames.wrapped, appended.key!.wrapped],
  ]);
}

/** At least what they take. */
export function ownHeadersBytesMax(appended: NewBatch | Mark): number {
  if ('mark' in appended) return fixedBytesMax + 3 * appended.mark.length;
  return appended.key === undefined
    ? 0
    : fixedBytesMax + 3 * appended.key.arn.length + appended.key.wrapped.length;
}

/** Undefined when it is none that we know. */
export function ownOf({ kind, arn, wrapped }: OwnHeaders): Own | undefined {
  if (kind?.startsWith('mark ')) return { mark: kind.slice('mark '.length) };
  const box = /^box ([1-9][0-9]{0,8})$/.exec(kind ?? '');
  if (box === null || arn === undefined || wrapped === undefined) return undefined;
  return { count: Number(box[1]), key: { arn, wrapped } };
}

function encodeHeaders(headers: readonly (readonly [name: string, value: Buffer])[]): Buffer {
  const bytesMax = headers.reduce(
    (sum, [name, value]) => sum + lengthsBytesMax + name.length + value.length,
    1,
  );
  const bytes = Buffer.allocUnsafe(bytesMax);
  let at = writeVarint(bytes, 0, headers.length);
  for (const [name, value] of headers) {
    at = writeVarint(bytes, at, name.length);
    at += bytes.write(name, at, 'ascii');
    at = writeVarint(bytes, at, value.length);
    bytes.set(value, at);
    at += value.length;
  }
  return bytes.subarray(0, at);
}

/** Two varints. */
const lengthsBytesMax = 2 * 5;

/** All but what the texts and the wrapped key take: three names and lengths, and the words of the first. */
const fixedBytesMax = 1 + 3 * (lengthsBytesMax + 20) + 16;
