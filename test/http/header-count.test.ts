import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptySettings, preface, request } from './frames.ts';
import { ask, connected, lines, listenTo } from './lines.ts';
import { echo, RawClient } from './raw-client.ts';

/** A request with so many headers in all. */
function withHeaders(method: string, count: number): string {
  return `${method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n${'a:b\r\n'.repeat(count - 2)}\r\n{}`;
}

for (const method of ['POST', 'PUT']) {
  test(`a request has a thousand headers and no more: ${method}`, async () => {
    await using server = await listenTo(echo);
    const [most, more] = [1000, 1001].map((count) => new RawClient(server).say(withHeaders(method, count)));
    await most!.hear('"rawHeaders"');
    assert.match(await more!.hear('\r\n\r\n'), /^HTTP\/1\.1 431 /);
    for (const client of [most, more]) client!.socket.destroy();
  });
}

test('a request over HTTP/2 with more headers than a session takes is refused, its session is not', async () => {
  const heard: number[] = [];
  await using server = await listenTo((asked) => {
    heard.push(asked.rawHeaders.length / 2);
    return echo(asked);
  });
  const headers = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, nth) => [`a${nth}`, 'b']));
  const socket = await connected(server, false, 'HTTP/2');
  socket.resume();
  const streams = [request(1, headers(200)), request(3, headers(100))];
  socket.write(Buffer.concat([preface, emptySettings, ...streams]));
  while (heard.length === 0) await new Promise(setImmediate);
  assert.deepEqual(heard, [101]);
  socket.destroy();
  const other = await ask(server, lines[4]!);
  other.socket.destroy();
});
