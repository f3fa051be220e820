import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { Connection } from '../../harness/connection.ts';

const answers = [
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n',
  'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n',
];
const expected = [
  { status: 200, body: 'hello' },
  { status: 400, body: 'hello, world' },
  { status: 500, body: '' },
];

for (const size of [1, 3, 1000]) {
  test(`answers are understood when they come ${size} bytes at a time`, async () => {
    await using server = await startServer(size);
    const connection = await Connection.open(server.port);
    const seen = [];
    for (const answer of answers) {
      const { status, body } = await connection.exchange(Buffer.from(answer));
      seen.push({ status, body: body.toString() });
    }
    connection.close();
    assert.deepEqual(seen, expected);
  });
}

test('a connection that the server closes rejects what is under way and what comes later', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.end()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connection = await Connection.open((server.address() as AddressInfo).port);
  await assert.rejects(connection.exchange(Buffer.from('x')), /closed the connection/);
  await assert.rejects(connection.exchange(Buffer.from('x')), /closed the connection/);
  server.close();
});

test('after an answer that ends its connection the next request has another', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi'),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connection = await Connection.open((server.address() as AddressInfo).port);
  for (let nth = 0; nth < 3; nth++)
    assert.equal(String((await connection.exchange(Buffer.from('x'))).body), 'hi');
  connection.close();
  // The one after the last answer may not have arrived.
  assert.ok(connections >= 3);
  server.close();
});

/** Sends back what it gets, in pieces. */
async function startServer(size: number) {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', async (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += size) {
        socket.write(bytes.subarray(at, at + size));
        await new Promise(setImmediate);
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}
