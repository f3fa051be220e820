import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { handTurnedClock } from './hand-turned-clock.ts';
import { echo, listen, RawClient } from './raw-client.ts';

test('closing ends idle connections of every kind at once', async () => {
  // On a clock that is not turned, nothing that waits for it comes to its end.
  const server = await listen(echo, [], handTurnedClock().clock);
  const silent = new RawClient(server);
  const kept = new RawClient(server).say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await kept.hear('"method"');
  const session = connect(`http://127.0.0.1:${server.endpoint.port}`);
  await once(session, 'connect');
  const sessionEnded = once(session, 'close');

  await server.close();
  await Promise.all([silent.ended, kept.ended, sessionEnded]);
});

test('closing lets requests under way finish, then ends their connections', async () => {
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  const { promise: bothHeard, resolve: hear } = Promise.withResolvers<void>();
  let heard = 0;
  const server = await listen(async (request) => {
    if (++heard === 2) hear();
    await allowed;
    return echo(request);
  });
  const client = new RawClient(server).say('GET /old HTTP/1.1\r\nHost: x\r\n\r\n');
  const session = connect(`http://127.0.0.1:${server.endpoint.port}`);
  const stream = session.request({ ':path': '/new' });
  const answer = text(stream);
  await bothHeard;

  const closed = server.close();
  const late = session.request({ ':path': '/late' });
  const [refused] = await once(late, 'error');
  // Either tells a client that it may safely try elsewhere.
  assert.match(`${refused.code} ${refused.message}`, /REFUSED_STREAM|GOAWAY/);
  allow();
  assert.match(await client.all(), /Connection: close\r\n[\s\S]*"\/old"/);
  assert.match(await answer, /"\/new"/);
  await closed;
});

test('a closed listener accepts no connection, gives its port back, and may be closed again', async () => {
  const server = await listen(echo);
  await server.close();
  await server.close();
  await assert.rejects(fetch(`http://127.0.0.1:${server.endpoint.port}/`));
});
