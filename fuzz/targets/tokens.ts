import assert from 'node:assert/strict';
import { SeededRandom } from '../../harness/random.ts';
import { makeTokens } from '../../src/stream/token.ts';
import { seedsOf, type Target } from '../target.ts';

const random = new SeededRandom(3);
const tokens = makeTokens(random.bytes(32), random);
const sealed = new Map(
  [
    ['iterator', 1_700_000_000_000, '000000000000', 'us-east-1', 'orders', 'id', 0, 12],
    ['iterator', 1_700_000_000_000, '000000000001', 'us-east-1', 'orders', 'id', 0, 12],
    ['ListShards', 1_700_000_000_000, 'orders', 'é'],
  ].map(([purpose, ...value]) => [tokens.seal(String(purpose), value), { purpose, value }] as const),
);

/** Sealed tokens: only those that were sealed open, for their purpose only, and say what was sealed. */
export const tokensTarget: Target = {
  name: 'tokens',
  seeds: seedsOf(...sealed.keys()),
  words: ['A', 'AAAA', '=', '==', '-', '_', '+', '/', ' ', '\n', '"', '\xff'],
  run: (input) => {
    const token = input.toString('latin1');
    for (const purpose of ['iterator', 'ListShards', '']) {
      const value = tokens.unseal(purpose, token);
      if (value === undefined) continue;
      const known = sealed.get(token);
      assert(known !== undefined && known.purpose === purpose, 'a token opens that was not sealed');
      assert.deepEqual(value, known.value);
      return 'opened';
    }
    assert(!sealed.has(token), 'a token that was sealed does not open');
    return 'refused';
  },
};
