import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGlance } from '../../../src/access/sigv4/sigv4.ts';
import { accessKeyId, keys, now, type Order, services, sign } from './signer.ts';

const glance = createGlance({ keys, regions: ['us-east-1'], services });
const openGlance = createGlance({ services });

async function seen(order: Order, look = glance): Promise<boolean> {
  const { body: _, ...head } = await sign(order);
  return look(head, now);
}

test('a head that a known key signed now is recognized, whatever its body and its signature', async () => {
  assert.equal(await seen({}), true);
  assert.equal(await seen({ expiresIn: 60 }), true);
  const { body: _, ...head } = await sign({ accessKeyId, key: { secretAccessKey: 'a guess' } });
  assert.equal(glance(head, now), true);
});

const strangers: Record<string, Order> = {
  'of a key that does not exist': { accessKeyId: 'AKIDSTRANGER' },
  'of ten minutes ago': { at: now - 600_000 },
  'of another region': { region: 'us-west-2' },
  'of another service': { service: 's3' },
};
for (const [what, order] of Object.entries(strangers)) {
  test(`a head ${what} is not recognized`, async () => {
    assert.equal(await seen(order), false);
  });
}

test('a head without a signature is not recognized, with credentials or without', () => {
  for (const look of [glance, openGlance]) {
    for (const rawHeaders of [[], ['Authorization', 'Basic eDp5'], ['Authorization', 'AWS4-HMAC-SHA256 x']]) {
      assert.equal(look({ method: 'POST', target: '/', rawHeaders }, now), false);
    }
  }
});

test('without credentials, any well-formed signature is recognized', async () => {
  assert.equal(await seen({ accessKeyId: 'ANYBODY', at: 0, service: 's3' }, openGlance), true);
});
