import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Peer } from '../../src/env/network.ts';
import { authorityOf } from '../../src/http/peer.ts';
import { ask, lines, listenTo } from './lines.ts';

for (const kind of lines) {
  test(`a request says where it came from: ${kind.name}`, async () => {
    const peers: Peer[] = [];
    await using server = await listenTo(async ({ peer }) => {
      peers.push(peer);
      return { status: 200, headers: {}, body: 'done' };
    });
    const { socket, answer } = await ask(server, kind);
    await once(answer, 'readable');
    const { port } = server.endpoint;
    assert.deepEqual(peers, [{ address: '127.0.0.1', secure: kind.tls, listener: `127.0.0.1:${port}` }]);
    socket.destroy();
  });
}

test('an endpoint is written as in URLs', () => {
  assert.equal(authorityOf({ host: '127.0.0.1', port: 80 }), '127.0.0.1:80');
  assert.equal(authorityOf({ host: '::1', port: 4567 }), '[::1]:4567');
});
