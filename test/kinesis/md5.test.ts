import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { md5Of } from '../../src/kinesis/md5.ts';

function platform(text: string): bigint {
  return BigInt(`0x${hash('md5', text, 'hex')}`);
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
  for (const [text, digest] of published) assert.equal(md5Of(text), BigInt(`0x${digest}`), text);
});

test('texts of every length around a block have the digest that the platform gives them', () => {
  for (let length = 0; length <= 130; length++) {
    const text = 'Az9~'.repeat(40).slice(0, length);
    assert.equal(md5Of(text), platform(text), `${length}`);
  }
});

test('any text has the digest that the platform gives it', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string()),
      (text) => md5Of(text) === platform(text),
    ),
    { numRuns: 2000 },
  );
});
