import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../src/env/logger.ts';
import type { Handler, Peer } from '../../src/env/network.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeNetwork } from '../../src/http/listener.ts';
import { authorityOf } from '../../src/http/peer.ts';
import { temporaryDirectory } from '../server/process.ts';
import { ask, lines, listenTo } from './lines.ts';
import { localAuthority } from './tls/local-server.ts';

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

for (const kind of lines) {
  test(`a request says by which listener it came, where that has a name: ${kind.name}`, async () => {
    const network = nodeNetwork(nodeClock, silentLogger);
    const seen: (string | undefined)[] = [];
    const handle: Handler = async ({ peer }) => {
      seen.push(peer.vpce);
      return { status: 200, headers: {}, body: 'done' };
    };
    const { identity } = localAuthority();
    for (const name of ['vpce-a', 'vpce-b']) {
      const server = await network.listen({ host: '127.0.0.1', port: 0, name }, handle, identity);
      await using _ = { [Symbol.asyncDispose]: () => server.close() };
      assert.equal(server.endpoint.name, name);
      const { socket, answer } = await ask(server, kind);
      await once(answer, 'readable');
      socket.destroy();
    }
    assert.deepEqual(seen, ['vpce-a', 'vpce-b']);
  });
}

test('over a Unix socket a request comes from no address', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'socket');
  const peers: Peer[] = [];
  const handle: Handler = async ({ peer }) => {
    peers.push(peer);
    return { status: 200, headers: {}, body: 'done' };
  };
  const server = await nodeNetwork(nodeClock, silentLogger).listen({ path, name: 'admin' }, handle);
  await using _ = { [Symbol.asyncDispose]: () => server.close() };
  for (const more of [{}, { Connection: 'upgrade', Upgrade: 'x' }]) {
    const asked = request({
      socketPath: path,
      method: 'POST',
      headers: { ...more, 'Content-Length': 0 },
    }).end();
    const [answer] = await once(asked, 'response');
    answer.resume();
  }
  const session = connectHttp2('http://x', { createConnection: () => connect(path) });
  const stream = session.request({ ':path': '/' });
  await once(stream, 'response');
  session.destroy();
  const peer = { address: '', secure: false, listener: `unix:${path}`, vpce: 'admin' };
  assert.deepEqual(peers, [peer, peer, peer]);
});

test('an endpoint is written as in URLs', () => {
  assert.equal(authorityOf({ host: '127.0.0.1', port: 80 }), '127.0.0.1:80');
  assert.equal(authorityOf({ host: '::1', port: 4567 }), '[::1]:4567');
});
