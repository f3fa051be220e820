import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeMd5 } from '../../src/kinesis/md5.ts';

function platform(message: Uint8Array): string {
  return hash('md5', message, 'hex');
}

/** The digest of a message that stands somewhere in other bytes, written somewhere among other words. */
function digest(message: Uint8Array): string {
  const bytes = Buffer.concat([Buffer.from('before'), message, Buffer.from('after')]);
  const words = new Uint32Array(7).fill(7);
  writeMd5(bytes, 6, 6 + message.length, words, 2);
  assert.deepEqual([words[0], words[1], words[6]], [7, 7, 7]);
  return [...words.subarray(2, 6)].map((word) => word.toString(16).padStart(8, '0')).join('');
}

// RFC 1321, appendix A.5.
const published = [
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
] as const;

test('digests are those of RFC 1321', () => {
  for (const [text, expected] of published) assert.equal(digest(Buffer.from(text)), expected, text);
});

test('messages of every length around a block have the digest that the platform gives them', () => {
  for (let length = 0; length <= 130; length++) {
    const message = Buffer.from('Az9~'.repeat(40).slice(0, length));
    assert.equal(digest(message), platform(message), `${length}`);
  }
});

test('any bytes have the digest that the platform gives them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (message) => digest(message) === platform(message)),
    { numRuns: 2000 },
  );
});
