import type { SeededRandom } from '../harness/random.ts';

/** What a mutation draws from. */
export type Stock = {
  readonly words: readonly string[];
  /** Other inputs, for pieces of theirs. */
  readonly others: readonly Buffer[];
  readonly bytesMax: number;
};

/** A changed copy of an input: usually by one step, now and then by several. */
export function mutate(input: Buffer, random: SeededRandom, stock: Stock): Buffer {
  let mutated: Buffer = Buffer.from(input);
  const steps = random.chance(0.6) ? 1 : random.between(2, 6);
  for (let step = 0; step < steps; step++) {
    mutated = random.pick(mutations)(mutated, random, stock).subarray(0, stock.bytesMax);
  }
  return mutated;
}

type Mutation = (input: Buffer, random: SeededRandom, stock: Stock) => Buffer;

const mutations: readonly Mutation[] = [
  flipBit,
  flipBit,
  replaceByte,
  replaceByte,
  replaceNumber,
  removePiece,
  removePiece,
  repeatPiece,
  insertWord,
  insertWord,
  replaceByWord,
  insertPieceOfOther,
  swapPieces,
];

function flipBit(input: Buffer, random: SeededRandom): Buffer {
  if (input.length > 0) input[random.below(input.length)]! ^= 1 << random.below(8);
  return input;
}

function replaceByte(input: Buffer, random: SeededRandom): Buffer {
  if (input.length > 0) {
    input[random.below(input.length)] = random.chance(0.5) ? random.below(256) : random.pick(tellingBytes);
  }
  return input;
}

/** Ends of ranges, and what texts are separated by. */
const tellingBytes = [0, 1, 0x7f, 0x80, 0xff, ...Buffer.from('\t\n\r "%&+,-./0129:;<=>AZ[\\]_az{}~')];

/** Big-endian, as all numbers in formats are here; often one that stands at a border. */
function replaceNumber(input: Buffer, random: SeededRandom): Buffer {
  const width = random.pick([1, 2, 4]);
  if (input.length < width) return input;
  const at = random.below(input.length - width + 1);
  const value = random.chance(0.5)
    ? random.pick(tellingNumbers)
    : input.readUIntBE(at, width) + random.between(-2, 2);
  input.writeUIntBE(Math.abs(value) % 2 ** (8 * width), at, width);
  return input;
}

const tellingNumbers = [0, 1, 31, 32, 127, 128, 255, 256, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function removePiece(input: Buffer, random: SeededRandom): Buffer {
  const [from, end] = pieceOf(input, random);
  return Buffer.concat([input.subarray(0, from), input.subarray(end)]);
}

function repeatPiece(input: Buffer, random: SeededRandom): Buffer {
  const [from, end] = pieceOf(input, random);
  const times = random.chance(0.8) ? 1 : random.between(2, 40);
  const copies = Array.from({ length: times }, () => input.subarray(from, end));
  return Buffer.concat([input.subarray(0, end), ...copies, input.subarray(end)]);
}

function insertWord(input: Buffer, random: SeededRandom, { words }: Stock): Buffer {
  if (words.length === 0) return input;
  const at = random.below(input.length + 1);
  const word = Buffer.from(random.pick(words), 'latin1');
  return Buffer.concat([input.subarray(0, at), word, input.subarray(at)]);
}

function replaceByWord(input: Buffer, random: SeededRandom, { words }: Stock): Buffer {
  if (words.length === 0) return input;
  const [from, end] = pieceOf(input, random);
  return Buffer.concat([
    input.subarray(0, from),
    Buffer.from(random.pick(words), 'latin1'),
    input.subarray(end),
  ]);
}

function insertPieceOfOther(input: Buffer, random: SeededRandom, { others }: Stock): Buffer {
  if (others.length === 0) return input;
  const other = random.pick(others);
  const at = random.below(input.length + 1);
  const [from, end] = pieceOf(other, random);
  return Buffer.concat([input.subarray(0, at), other.subarray(from, end), input.subarray(at)]);
}

function swapPieces(input: Buffer, random: SeededRandom): Buffer {
  const cuts = Array.from({ length: 3 }, () => random.below(input.length + 1)).sort((a, b) => a - b);
  const [first = 0, second = 0, third = 0] = cuts;
  return Buffer.concat([
    input.subarray(0, first),
    input.subarray(second, third),
    input.subarray(first, second),
    input.subarray(third),
  ]);
}

/** Mostly a short one. */
function pieceOf(input: Buffer, random: SeededRandom): [from: number, end: number] {
  const from = random.below(input.length + 1);
  const longest = random.chance(0.8) ? 8 : input.length;
  return [from, Math.min(input.length, from + random.below(longest + 1))];
}
