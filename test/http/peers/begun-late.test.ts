import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { widenWindow } from '../../../src/http/peers/peer-hello.ts';

test('a session that is over before it is said to have begun does not end the process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  let hasBegun = false;
  session.once('connect', () => {
    hasBegun = true;
    assert.ok(session.destroyed);
    widenWindow(session);
  });
  // As when it took too long: Node says in the next step that it has begun.
  session.socket.once('connect', () => session.destroy());
  await once(session, 'close');
  assert.ok(hasBegun);
  server.close();
});
