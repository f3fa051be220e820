import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { ask, connected, lines, listenTo } from './lines.ts';
import { echo } from './raw-client.ts';

/**
 * Whatever the server accepts or makes, and what it was seen without: an error then would end the process.
 */
function watch() {
  const unheard: string[] = [];
  const seen = new Set<string>();
  const look = (kind: string, emitter: EventEmitter) => {
    seen.add(kind);
    const check = (when: string) => {
      if (emitter.listenerCount('error') === 0) unheard.push(`${kind} ${when}`);
    };
    check('at first');
    emitter.on('removeListener', (event) => {
      if (event === 'error') check('later');
    });
    emitter.once('close', () => check('at its close'));
  };
  const accepted = (message: unknown) => look('socket', (message as { socket: EventEmitter }).socket);
  const created = (message: unknown) => {
    const { stream } = message as { stream: EventEmitter & { session: EventEmitter } };
    // Its listener comes with it, right after this.
    queueMicrotask(() => look('stream', stream));
    if (!sessions.has(stream.session)) look('session', stream.session);
    sessions.add(stream.session);
  };
  const sessions = new Set<EventEmitter>();
  const { disableRenegotiation } = TLSSocket.prototype;
  TLSSocket.prototype.disableRenegotiation = function () {
    look('inside of TLS', this);
    disableRenegotiation.call(this);
  };
  subscribe('net.server.socket', accepted);
  subscribe('http2.server.stream.created', created);
  const stop = () => {
    unsubscribe('net.server.socket', accepted);
    unsubscribe('http2.server.stream.created', created);
    TLSSocket.prototype.disableRenegotiation = disableRenegotiation;
  };
  return { unheard, seen, [Symbol.dispose]: stop };
}

test('whatever may emit an error has a listener for it, for all its life', async () => {
  using watched = watch();
  {
    await using server = await listenTo(echo);
    for (const line of lines) {
      const { socket, answer } = await ask(server, line);
      await once(answer, line.speech === 'HTTP/2' ? 'response' : 'data');
      // From the fast path to node:http, in the middle of a connection.
      if (line.speech === 'plain') {
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        await once(socket, 'data');
      }
      socket.destroy();
      await once(socket, 'close');
    }
    const silent = await connected(server, false);
    silent.end('PRI');
    silent.resume();
    await once(silent, 'close');
  }
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  assert.deepEqual(watched.unheard, []);
  assert.deepEqual([...watched.seen].sort(), ['inside of TLS', 'session', 'socket', 'stream']);
});
