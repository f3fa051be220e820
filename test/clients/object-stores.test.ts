import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import type { ObjectStore } from '../../src/env/object-store.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { requireConditionalWrites } from '../../src/objects/conditional-writes.ts';
import { openObjectStore } from '../../src/objects/open-object-store.ts';
import { type OpenedStore, objectStoreContract } from '../objects/object-store-contract.ts';
import { onlyInFull } from './extent.ts';
import { GoFakeS3Server } from './gofakes3-server.ts';
import { MotoServer } from './moto-server.ts';

const servers = {
  moto: onlyInFull || (await MotoServer.start()),
  gofakes3: onlyInFull || (await GoFakeS3Server.start()),
};
after(() => {
  for (const server of Object.values(servers)) if (typeof server === 'object') server[Symbol.dispose]();
});
const region = 'us-east-1';
const world = {
  ...{ clock: nodeClock, random: nodeRandom(), client: createHttpClient() },
  diskAt: () => assert.fail('no disk was to be asked'),
};
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
let opened = 0;

function storeAt(url: string): ObjectStore {
  return openObjectStore(world, { url, region, credentials });
}

/** Buckets of its own for each. */
async function openIn(url: string): Promise<OpenedStore> {
  const run = opened++;
  const [things, others] = [`run${run}-things`, `run${run}-others`];
  for (const bucket of [things, others]) {
    assert.equal((await fetch(`${url}/${bucket}`, { method: 'PUT' })).status, 200);
  }
  return { store: storeAt(url), things, others, [Symbol.asyncDispose]: async () => {} };
}

for (const [name, server] of Object.entries(servers)) {
  const { url } = typeof server === 'object' ? server : { url: undefined };
  if (url !== undefined) objectStoreContract(name, () => openIn(url));

  const skip = typeof server === 'string' && server;
  test(`${name} takes an object in parts, and keeps conditional writes`, { skip }, async () => {
    const { store, things } = await openIn(url!);
    await takesParts(store, things);
    await requireConditionalWrites({ store, random: nodeRandom() }, things, '');
  });
}

async function takesParts(store: ObjectStore, bucket: string): Promise<void> {
  const place = { bucket, key: 'large' };
  const bytes = [Buffer.alloc(10_000_000, 'a'), Buffer.alloc(10_000_000, 'b')];
  const put = await store.put(place, bytes);
  assert.match(put.etag, /-3"$/);
  const found = await store.get(place);
  assert.ok(found!.body.equals(Buffer.concat(bytes)));
}
