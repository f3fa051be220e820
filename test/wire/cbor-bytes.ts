import fc from 'fast-check';

/** Something to write as CBOR: what JSON has, and bytes. */
export type Content = null | boolean | number | string | Uint8Array | readonly Content[] | Members;
type Members = { readonly [name: string]: Content | undefined };

/**
 * Values in the forms that the RFC leaves to the writer: each value takes the next of some choices in turn,
 * below `plainChoices` for a plain form.
 */
export function cborBytes(content: Content, choices: readonly number[]): Buffer {
  let turn = 0;
  return write(content);

  function choose(): number {
    return choices[turn++ % choices.length]!;
  }

  function write(value: Content): Buffer {
    if (value === null) return Buffer.of(0xf6);
    if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4);
    if (typeof value === 'number') return number(value);
    const choice = choose();
    if (choice === forms.tagged) return Buffer.concat([head(6, 24), plain(value, choice)]);
    return plain(value, choice);
  }

  function plain(value: object | string, choice: number): Buffer {
    if (typeof value === 'string') return run(3, Buffer.from(value), choice);
    if (value instanceof Uint8Array) return run(2, value, choice);
    if (Array.isArray(value)) return container(4, value.map(write), value.length, choice);
    const members = Object.entries(value as Members).filter(([, member]) => member !== undefined);
    if (choice === forms.twice) members.push(...members.slice(0, 1));
    const written = members.map(([name, member]) => Buffer.concat([write(name), write(member!)]));
    return container(5, written, members.length, choice);
  }
}

/** Choices that are below it are plain: with a length, and without one. */
const plainChoices = 2;
const forms = { wider: 2, widest: 3, chunks: 4, tagged: 5, twice: 6 } as const;

/** How values take turns in being written: plain ones mostly. */
export const cborChoices: fc.Arbitrary<number[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.nat(plainChoices - 1), { minLength: 1, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.oneof({ weight: 12, arbitrary: fc.nat(plainChoices - 1) }, fc.constantFrom(...Object.values(forms))),
      { minLength: 1, maxLength: 40 },
    ),
  },
);

function container(type: number, items: readonly Buffer[], count: number, choice: number): Buffer {
  if (choice === 1) return Buffer.concat([Buffer.of((type << 5) | 31), ...items, Buffer.of(0xff)]);
  return Buffer.concat([head(type, count, choice), ...items]);
}

function run(type: number, bytes: Uint8Array, choice: number): Buffer {
  if (choice !== forms.chunks) return Buffer.concat([head(type, bytes.length, choice), bytes]);
  const chunk = Buffer.concat([head(type, bytes.length), bytes]);
  return Buffer.concat([Buffer.of((type << 5) | 31), chunk, Buffer.of(0xff)]);
}

function number(value: number): Buffer {
  if (Number.isSafeInteger(value)) return value < 0 ? head(1, -1 - value) : head(0, value);
  const bytes = Buffer.alloc(9, 0xfb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** A type and its argument, in the fewest bytes or in more. */
export function head(type: number, argument: number, choice = 0): Buffer {
  const fewest =
    argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 2 ** 32 ? 3 : 4;
  const size = choice === forms.widest ? 4 : choice === forms.wider ? Math.min(fewest + 1, 4) : fewest;
  if (size === 0) return Buffer.of((type << 5) | argument);
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(BigInt(argument), 1);
  bytes[8 - 2 ** (size - 1)] = (type << 5) | (23 + size);
  return bytes.subarray(8 - 2 ** (size - 1));
}
