import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { calm, type Weather } from '../../sim/network.ts';
import { World } from '../../sim/world.ts';
import type { HttpResponse, Peer } from '../../src/env/network.ts';

const request = { method: 'POST', target: '/', rawHeaders: [], body: Buffer.alloc(0) };
const endpoint = { host: 'localhost', port: 1 };

/** A world with a server that counts its requests and answers after a while. */
async function serve(weather: Partial<Weather>, answerAfter = 10) {
  const world = new World(5);
  const { process, env } = world.boot();
  const served = { requests: 0 };
  const listening = await env.network.listen(endpoint, async () => {
    served.requests++;
    await env.clock.sleep(answerAfter);
    return { status: 200, headers: {}, body: 'done' } satisfies HttpResponse;
  });
  world.network.weather = { ...calm, ...weather };
  const send = (times = 1) =>
    world.scheduler.run(Promise.all(Array.from({ length: times }, () => world.network.send(request, 1_000))));
  return { world, process, served, listening, send };
}

suite('the network', () => {
  test('carries requests and answers', async () => {
    const { send, served } = await serve({});
    assert.deepEqual(
      (await send(50)).map((response) => response?.body),
      new Array(50).fill('done'),
    );
    assert.equal(served.requests, 50);
  });

  test('takes a request to the listener that it is for', async () => {
    const { world, send } = await serve({});
    const peers: Peer[] = [];
    const { env } = world.boot();
    await env.network.listen({ path: '/run/x', name: 'admin' }, async ({ peer }) => {
      peers.push(peer);
      return { status: 204, headers: {}, body: '' };
    });
    const [answer] = await world.scheduler.run(Promise.all([world.network.send(request, 1_000, 'admin')]));
    assert.equal(answer?.status, 204);
    assert.deepEqual(peers, [{ address: '', secure: false, listener: 'unix:/run/x', vpce: 'admin' }]);
    assert.equal((await send())[0]?.status, 200);
    assert.equal(peers.length, 1);
  });

  test('drops requests: the server never meets them', async () => {
    const { send, served } = await serve({ dropRequest: 0.5 });
    const answered = (await send(100)).filter((response) => response !== undefined).length;
    assert.ok(answered > 20 && answered < 80, `${answered}`);
    assert.equal(served.requests, answered);
  });

  test('loses answers: the server has acted all the same', async () => {
    const { send, served } = await serve({ loseAnswer: 0.5 });
    const answered = (await send(100)).filter((response) => response !== undefined).length;
    assert.ok(answered > 20 && answered < 80, `${answered}`);
    assert.equal(served.requests, 100);
  });

  test('duplicates requests only when it is told to', async () => {
    const { send, served } = await serve({ duplicate: 1 });
    assert.deepEqual(
      (await send()).map((response) => response?.body),
      ['done'],
    );
    assert.equal(served.requests, 2);
  });

  test('loses what is in flight when the server dies', async () => {
    const { world, process, send, served } = await serve({});
    world.scheduler.after(5, () => world.kill(process));
    assert.deepEqual(await send(), [undefined]);
    assert.equal(served.requests, 1);
    assert.deepEqual(await send(), [undefined]);
    assert.equal(served.requests, 1);
  });

  test('a server that closes ends what is under way, and takes no more', async () => {
    const { world, listening, send } = await serve({}, 100);
    let closed = false;
    world.scheduler.after(
      50,
      () =>
        void listening.close().then(() => {
          closed = true;
        }),
    );
    assert.equal((await send())[0]?.body, 'done');
    assert.equal(closed, true);
    assert.deepEqual(await send(), [undefined]);
  });

  test('a handler that rejects is a violation', async () => {
    const world = new World(5);
    await world.boot().env.network.listen(endpoint, () => Promise.reject(new Error('oh')));
    await world.scheduler.run(world.network.send(request, 100));
    assert.deepEqual(world.violations, ['the handler rejected: Error: oh']);
  });
});
