import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { budgetBytes } from '../../src/http/body.ts';
import { nodeNetwork } from '../../src/http/listener.ts';
import { unsentBytesMax } from '../../src/http/unsent.ts';
import { echo, listen, RawClient } from './raw-client.ts';

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const put = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';

for (const request of [get, put]) {
  test(`a connection that is shed ends with its next answer, a new one stays: ${request.slice(0, 4)}`, async () => {
    await using server = await listen(echo);
    const [first, second] = [new RawClient(server), new RawClient(server)];
    for (const client of [first, second]) await client.say(request).hear('"method"');
    server.shed();
    for (const client of [first, second]) {
      assert.match(await client.say(request).all(), /Connection: close\r\n[\s\S]*"method"/);
    }
    const third = new RawClient(server);
    await third.say(request).hear('"method"');
    assert.doesNotMatch(third.heard, /Connection: close/);
    third.socket.destroy();
  });
}

test('a session of HTTP/2 that is shed takes no more requests, and finishes those under way', async () => {
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  await using server = await listen(async (request) => {
    hear();
    await allowed;
    return echo(request);
  });
  const session = connect(`http://127.0.0.1:${server.endpoint.port}`);
  const stream = session.request({ ':path': '/under-way' });
  const answer = text(stream);
  await heard;
  const away = once(session, 'goaway');
  server.shed();
  allow();
  assert.match(await answer, /under-way/);
  await away;
  if (!session.closed) await once(session, 'close');
});

test('listeners that share a count of connections close what comes above it, and have room again after', async () => {
  const share = {
    freeBytes: new Int32Array([budgetBytes]),
    unsentBytes: new Int32Array([unsentBytesMax]),
    openConnections: new Int32Array(new SharedArrayBuffer(4)),
    connectionsMax: 2,
    reusePort: false,
  };
  const local = { host: '127.0.0.1', port: 0 };
  const network = nodeNetwork(nodeClock, silentLogger);
  const one = await network.listen(local, echo, undefined, undefined, share);
  const other = await network.listen(local, echo, undefined, undefined, share);
  const kept = [new RawClient(one), new RawClient(other)];
  for (const client of kept) await client.say(get).hear('"method"');
  const above = new RawClient(one).say(get);
  await above.ended;
  assert.equal(above.heard, '');
  kept[0]!.socket.destroy();
  while (Atomics.load(share.openConnections, 0) === 2) await nodeClock.turn();
  await new RawClient(other).say(get).hear('"method"');
  await Promise.all([one.close(), other.close()]);
  while (Atomics.load(share.openConnections, 0) > 0) await nodeClock.turn();
});
