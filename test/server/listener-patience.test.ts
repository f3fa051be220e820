import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { test } from 'node:test';
import { handTurnedClock } from './hand-turned-clock.ts';
import { echo, listen, RawClient } from './raw-client.ts';

test('a connection that does not say what it speaks is ended after 10 seconds', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const silent = new RawClient(server);
  const undecided = new RawClient(server).say('PRI * HT');
  const decided = new RawClient(server).say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await decided.hear('"method"');
  await advance(11_000);
  await Promise.all([silent.ended, undecided.ended]);
  decided.say('GET /again HTTP/1.1\r\nHost: x\r\n\r\n');
  await decided.hear('"/again"');
  await server.close();
});

test('an upload over HTTP/2 that brings nothing for 10 seconds is answered 408, and its session goes on', async () => {
  const { clock, advance } = handTurnedClock();
  const server = await listen(echo, [], clock);
  const session = connect(`http://127.0.0.1:${server.endpoint.port}`);
  const stream = session.request({ ':method': 'POST', expect: '100-continue' }, { endStream: false });
  stream.on('error', () => {});
  await once(stream, 'continue');
  const answered = once(stream, 'response');
  await advance(9_000);
  assert.equal(stream.closed, false);
  await advance(2_000);
  const [refusal] = await answered;
  assert.equal(refusal[':status'], 408);
  stream.resume();
  await once(stream, 'close');
  assert.equal(stream.rstCode, constants.NGHTTP2_NO_ERROR);

  const next = session.request({ ':path': '/next' });
  const [headers] = await once(next, 'response');
  assert.equal(headers[':status'], 200);
  next.resume();
  await once(next, 'close');
  await server.close();
});

test('a closing listener waits 10 seconds for what is under way, and no longer', async () => {
  const { clock, advance } = handTurnedClock();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  const server = await listen(
    () => {
      hear();
      return new Promise(() => {});
    },
    [],
    clock,
  );
  const client = new RawClient(server).say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await heard;
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  for (let look = 0; look < 190; look++) await advance(50);
  assert.equal(closed, false);
  for (let look = 0; look < 20; look++) await advance(50);
  await Promise.all([closing, client.ended]);
});
