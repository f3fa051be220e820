import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { inflate } from '../../src/wire/gzip.ts';

const bytesMax = 1024 * 1024;

for (const size of [0, 1, 60_000, 70_000, bytesMax]) {
  test(`a body of ${size} bytes comes back from gzip`, async () => {
    const body = Buffer.alloc(size, 'abcdefghij');
    assert.deepEqual(await inflate(gzipSync(body), bytesMax), body);
  });
}

test('a body that does not shrink comes back from gzip', async () => {
  const noise = Buffer.concat(Array.from({ length: 1500 }, (_, nth) => hash('sha256', `${nth}`, 'buffer')));
  assert.deepEqual(await inflate(gzipSync(noise), bytesMax), noise);
});

test('what inflates to more than is allowed is refused, and no more of it is inflated', async () => {
  for (const [size, max] of [
    [bytesMax + 1, bytesMax],
    [64 * bytesMax, bytesMax],
    [2000, 1999],
  ] as const) {
    await assert.rejects(inflate(gzipSync(Buffer.alloc(size)), max), isBare);
  }
});

test('what is no gzip, or ends early, is refused', async () => {
  const whole = gzipSync(Buffer.alloc(100_000, 'abcdefghij'));
  const broken = Buffer.from(whole);
  broken[broken.length - 5]! ^= 1; // the checksum
  for (const body of [Buffer.alloc(0), Buffer.from('{}'), deflateSync('{}'), whole.subarray(0, -9), broken]) {
    await assert.rejects(inflate(body, bytesMax), isBare);
  }
});

function isBare(error: unknown): boolean {
  assert.ok(
    error instanceof Error && error.message === '' && error.name === 'SerializationException',
    String(error),
  );
  return true;
}
