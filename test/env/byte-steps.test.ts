import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { byteSteps } from '../../src/env/byte-steps.ts';
import { etagOfBytes } from '../../src/objects/directory/etag.ts';
import { payloadOf } from '../../src/objects/s3/payload.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from '../objects/hurried-clock.ts';

const mebibyte = 1024 * 1024;

/** Counts the turns that others had, and the most bytes between two of them. */
class Turns {
  count = 0;
  mostBytes = 0;
  #unbroken = 0;

  async turn(): Promise<void> {
    this.count++;
    this.#unbroken = 0;
  }

  take(bytes: number): void {
    this.#unbroken += bytes;
    this.mostBytes = Math.max(this.mostBytes, this.#unbroken);
  }
}

test('others have their turn after every half mebibyte, in whatever pieces the bytes are', async () => {
  for (const lengths of [[3 * mebibyte], [mebibyte, mebibyte, 5], [400_000, 0, 400_000, 1], [9, 700_000]]) {
    const pieces = lengths.map((length) => Buffer.alloc(length, length));
    const turns = new Turns();
    const steps: Buffer[] = [];
    for await (const step of byteSteps(pieces, turns)) {
      turns.take(step.length);
      steps.push(Buffer.from(step));
    }
    assert.ok(Buffer.concat(steps).equals(Buffer.concat(pieces)));
    assert.ok(turns.mostBytes <= mebibyte / 2, `${lengths}: ${turns.mostBytes} bytes at once`);
  }
});

test('few bytes have no turn to wait for', async () => {
  const turns = new Turns();
  for await (const step of byteSteps([Buffer.alloc(100), Buffer.alloc(200)], turns)) turns.take(step.length);
  assert.deepEqual([turns.count, turns.mostBytes], [0, 300]);
});

test('a store adds up a large object while others have their turns', async () => {
  const pieces = [1, 2, 3].map((seed) => new TestRandom(seed).bytes(mebibyte));
  const whole = Buffer.concat(pieces);
  const turns = new Turns();
  const clock = Object.assign(hurriedClock(), { turn: () => turns.turn() });
  assert.equal(await etagOfBytes(pieces, clock), `"${createHash('md5').update(whole).digest('hex')}"`);
  assert.equal(turns.count, 5);
  const { bytes, sha256 } = await payloadOf(pieces, clock);
  assert.ok(whole.equals(bytes));
  assert.equal(sha256, createHash('sha256').update(whole).digest('hex'));
  assert.equal(turns.count, 10);
});
