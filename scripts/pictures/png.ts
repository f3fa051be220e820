import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture, a pixel in 4 bytes: red, green, blue, and 255. */
export type Picture = { readonly width: number; readonly height: number; readonly pixels: Buffer };

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * What a browser writes: PNG of 8 bits, red, green and blue, with or without a fourth of what shines through,
 * which is left out, not interlaced (PNG specification, third edition, 2025). Throws for any other.
 */
export function readPng(file: Buffer): Picture {
  const parts = partsOf(file);
  const header = parts.find(({ type }) => type === 'IHDR')!.data;
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const [depth, colours, , , interlace] = header.subarray(8);
  if (depth !== 8 || interlace !== 0 || (colours !== 2 && colours !== 6)) throw new Error('another PNG');
  const data = parts.filter(({ type }) => type === 'IDAT').map((part) => part.data);
  const channels = colours === 2 ? 3 : 4;
  const rows = unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const pixels = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < width * height; at++) {
    rows.copy(pixels, at * 4, at * channels, at * channels + 3);
  }
  return { width, height, pixels };
}

/** The same with at most 256 colours: those that are there most often, and for each other one the nearest. */
export function smallPng({ width, height, pixels }: Picture): Buffer {
  const colours = coloursOf(pixels);
  const indices = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = pixels.readUIntBE((y * width + x) * 4, 3);
      let index = indices.get(colour);
      if (index === undefined) {
        index = nearest(colours, colour);
        indices.set(colour, index);
      }
      rows[y * (width + 1) + x + 1] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // 8 bits a pixel, of a palette; plain compression, filter and order.
  const palette = Buffer.alloc(colours.length * 3);
  for (const [index, colour] of colours.entries()) palette.writeUIntBE(colour, index * 3, 3);
  return Buffer.concat([
    signature,
    part('IHDR', header),
    part('PLTE', palette),
    part('IDAT', deflateSync(rows, { level: 9 })),
    part('IEND', Buffer.alloc(0)),
  ]);
}

type Part = { readonly type: string; readonly data: Buffer };

/** Length, type, data, checksum; again and again behind the signature. */
function partsOf(file: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = signature.length; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    parts.push({ type, data: file.subarray(at + 8, at + 8 + length) });
    at += 4 + 4 + length + 4;
  }
  return parts;
}

function part(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** Rows as they were before each of them was filtered, as its first byte says, by what is left and above. */
function unfiltered(filtered: Buffer, rowBytes: number, height: number, pixelBytes: number): Buffer {
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (rowBytes + 1)]!;
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x < pixelBytes ? 0 : rows[at - pixelBytes]!;
      const above = y === 0 ? 0 : rows[at - rowBytes]!;
      const corner = y === 0 || x < pixelBytes ? 0 : rows[at - rowBytes - pixelBytes]!;
      rows[at] = filtered[y * (rowBytes + 1) + 1 + x]! + predicted(filter, left, above, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter === 0) return 0;
  // Paeth: which of the three is nearest to left + above - corner.
  const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner].map(
    Math.abs,
  );
  if (toLeft! <= toAbove! && toLeft! <= toCorner!) return left;
  return toAbove! <= toCorner! ? above : corner;
}

function coloursOf(pixels: Buffer): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 256)
    .map(([colour]) => colour);
}

function nearest(colours: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < colours.length && least > 0; index++) {
    const distance = distanceOf(colours[index]!, colour);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function distanceOf(one: number, other: number): number {
  const by = (shift: number) => (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2;
  return by(16) + by(8) + by(0);
}
