import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Positions, ShardPosition } from '../../../delivery/state/delivery-state.ts';
import { findShard, type Stream } from '../../../kinesis/stream.ts';
import type { Tokens } from '../../../stream/token.ts';
import { invalidArgument } from '../errors.ts';

/**
 * How far a tail has come in all its shards, as a text that nobody can forge: the `id` of an event. Shards
 * that have expired are left out: nothing of them is left to read. Those that are not known here yet stay in
 * it: another gateway, which the tail was at before, knew of them.
 *
 * Inside it is, for each shard by its index, two variable-length numbers: how far its index is from the last
 * one's, and twice the offset of its next record, plus one if it was read to its end; all that in raw
 * Deflate.
 */
export function sealPosition(tokens: Tokens, stream: Stream, positions: Positions): string {
  const numbers: number[] = [];
  let last = 0;
  for (const [name, { next, isFinished }] of Object.entries(positions)) {
    const index = Number(name);
    if (index < stream.nextShard && findShard(stream, index) === undefined) continue;
    numbers.push(index - last, next * 2 + (isFinished === true ? 1 : 0));
    last = index;
  }
  const packed = deflateRawSync(varintsOf(numbers), { level: 1 }).toString('base64');
  return tokens.seal(purpose, [stream.id, packed]);
}

/** The positions in such a text; InvalidArgumentException for one that is not of this stream. */
export function openPosition(tokens: Tokens, stream: Stream, text: string): Positions {
  const [id, packed] = tokens.unseal(purpose, text) ?? [];
  if (id !== stream.id) throw invalidArgument(`The event id is not one of a tail of stream ${stream.name}.`);
  const numbers = numbersOf(inflateRawSync(Buffer.from(String(packed), 'base64')));
  const positions: Record<string, ShardPosition> = {};
  let index = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    index += numbers[at]!;
    const [next, isFinished] = [Math.floor(numbers[at + 1]! / 2), numbers[at + 1]! % 2 === 1];
    positions[index] = { next, ...(isFinished && { isFinished }) };
  }
  return positions;
}

const purpose = 'tail';

/** Seven bits a byte, the lowest first; the highest bit says that more follow. Up to 2^53. */
function varintsOf(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let number of numbers) {
    while (number >= 128) {
      bytes.push((number % 128) + 128);
      number = Math.floor(number / 128);
    }
    bytes.push(number);
  }
  return Uint8Array.from(bytes);
}

function numbersOf(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let number = 0;
  let scale = 1;
  for (const byte of bytes) {
    number += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(number);
    number = 0;
    scale = 1;
  }
  return numbers;
}
