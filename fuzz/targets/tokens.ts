import assert from 'node:assert/strict';
import { SeededRandom } from '../../harness/random.ts';
import { Sessions } from '../../src/access/session.ts';
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

const sessions = new Sessions(random.bytes(32), random);
const issued = ['user', 'root'].map((kind) => {
  const session = {
    account: '000000000000',
    holder: kind === 'root' ? ({ kind } as const) : ({ kind: 'user', id: 'AIDA', name: 'ann' } as const),
    policies: [],
    policyArns: [],
    tags: [],
    issuedAt: 1_700_000_000_000,
    expiresAt: 1_700_000_900_000,
    isProved: true,
  };
  const credentials = sessions.issue(session);
  assert(credentials !== undefined);
  return { session, ...credentials };
});

/** Session tokens: only those that were issued open, with their own access key, and say what they said. */
export const sessionTokensTarget: Target = {
  name: 'session-tokens',
  seeds: seedsOf(...issued.map(({ sessionToken }) => sessionToken)),
  words: tokensTarget.words,
  run: (input) => {
    const token = input.toString('latin1');
    for (const { accessKeyId, secretAccessKey, session, sessionToken } of issued) {
      const opened = sessions.open(accessKeyId, token);
      assert.equal(opened !== undefined, token === sessionToken, 'which tokens open');
      if (opened !== undefined) assert.deepEqual(opened, { ...session, secretAccessKey });
    }
    return issued.some(({ sessionToken }) => sessionToken === token) ? 'opened' : 'refused';
  },
};
