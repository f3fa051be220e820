import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import { commandLinePage, commandLinePath } from '../../scripts/command-line-page.ts';
import { metricsPage, metricsPath } from '../../scripts/metrics-page.ts';
import { readPng, smallPng } from '../../scripts/pictures/png.ts';
import { shots } from '../../scripts/pictures/shots.ts';

test('the page of metrics has every metric; `npm run docs` writes it', () => {
  assert.equal(readFileSync(metricsPath, 'utf8'), metricsPage());
});

test('the page of the command line has the help of every command; `npm run docs` writes it', async () => {
  assert.equal(readFileSync(commandLinePath, 'utf8'), await commandLinePage());
});

test('every picture that is taken of the console is shown in its page, and small', () => {
  const page = readFileSync('docs/console.md', 'utf8');
  const shown = [...page.matchAll(/\]\(pictures\/([a-z-]+)\.png\)/g)].map(([, name]) => name);
  assert.deepEqual(shown.toSorted(), shots.map(({ name }) => name).toSorted());
  const sizes = shots.map(({ name }) => statSync(`docs/pictures/${name}.png`).size);
  assert.ok(Math.max(...sizes) <= 120 * 1024);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 2 * 1024 * 1024);
});

test('a picture keeps its pixels, whatever its rows were filtered with', () => {
  const chunk = (type: string, data: Buffer) => {
    const ends = Buffer.alloc(4);
    ends.writeUInt32BE(data.length);
    return Buffer.concat([ends, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 4, 8, 2, 0, 0, 0]);
  // Two pixels a row: as they are, from the left, from above, and from the nearest of both.
  const rows = [
    [0, 10, 20, 30, 40, 50, 60],
    [1, 10, 20, 30, 30, 30, 30],
    [2, 1, 1, 1, 1, 1, 1],
    [4, 1, 1, 1, 1, 1, 1],
  ];
  const file = Buffer.concat([
    Buffer.alloc(8),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
  ]);
  const picture = readPng(file);
  const pixel = (at: number) => [...picture.pixels.subarray(at * 4, at * 4 + 3)];
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(pixel), [
    ...[
      [10, 20, 30],
      [40, 50, 60],
      [10, 20, 30],
      [40, 50, 60],
    ],
    ...[
      [11, 21, 31],
      [41, 51, 61],
      [12, 22, 32],
      [42, 52, 62],
    ],
  ]);
  const small = smallPng(picture);
  const [palette, data] = ['PLTE', 'IDAT'].map((type) => {
    const at = small.indexOf(type);
    return small.subarray(at + 4, at + 4 + small.readUInt32BE(at - 4));
  });
  const indices = inflateSync(data!).filter((_, at) => at % 3 !== 0);
  const shown = [...indices].map((index) => [...palette!.subarray(index * 3, index * 3 + 3)]);
  assert.deepEqual(shown, [0, 1, 2, 3, 4, 5, 6, 7].map(pixel));
});
