import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FastHead, readFastHead } from '../../src/http/fast-head.ts';

const usual =
  'POST / HTTP/1.1\r\nHost: localhost:4567\r\nX-Amz-Target: Kinesis_20131202.PutRecord\r\n' +
  'Content-Type: application/x-amz-json-1.1\r\nConnection: Keep-Alive\r\nEmpty:\r\nContent-Length: 2\r\n\r\n';

test('a head as clients write it is read', () => {
  assert.deepEqual(readFastHead(Buffer.from(`${usual}{}more`)), {
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost:4567', 'X-Amz-Target', 'Kinesis_20131202.PutRecord'],
      ...['Content-Type', 'application/x-amz-json-1.1', 'Connection', 'Keep-Alive', 'Empty', ''],
      ...['Content-Length', '2'],
    ],
    bodyBytes: 2,
    end: usual.length,
  });
});

const notPlain: Record<string, (head: string) => string> = {
  'is not all there': (head) => head.slice(0, -1),
  'is longer than 16 KiB': (head) => head.replace('Empty:', `Empty: ${'a'.repeat(16 * 1024)}`),
  'asks otherwise than POST': (head) => head.replace('POST', 'GET'),
  'names no path': (head) => head.replace('POST /', 'POST http://x/'),
  'is of another version': (head) => head.replace('HTTP/1.1', 'HTTP/1.0'),
  'has no host': (head) => head.replace('Host: localhost:4567\r\n', ''),
  'has two hosts': (head) => head.replace('Empty:', 'host: x'),
  'has no length': (head) => head.replace('Content-Length: 2\r\n', ''),
  'has two lengths': (head) => head.replace('Empty:', 'Content-length: 2'),
  'has no body': (head) => head.replace('Length: 2', 'Length: 0'),
  'has a length with a sign': (head) => head.replace('Length: 2', 'Length: +2'),
  'has a length with a zero before it': (head) => head.replace('Length: 2', 'Length: 02'),
  'has a length in hex': (head) => head.replace('Length: 2', 'Length: 0x2'),
  'comes in chunks': (head) => head.replace('Empty:', 'Transfer-Encoding: chunked'),
  'waits to be told to go on': (head) => head.replace('Empty:', 'Expect: 100-continue'),
  'offers another protocol': (head) => head.replace('Empty:', 'Upgrade: h2c'),
  'ends the connection': (head) => head.replace('Keep-Alive', 'close'),
  'says more of the connection': (head) => head.replace('Keep-Alive', 'keep-alive, X-Amz-Target'),
  'has a bare line feed': (head) => head.replace('Empty:\r\n', 'Empty:\n'),
  'has a space before a colon': (head) => head.replace('Empty:', 'Empty :'),
  'has a folded header': (head) => head.replace('Empty:', 'Empty: a\r\n b'),
  'has a line without a colon': (head) => head.replace('Empty:', 'Empty'),
  'has a byte above ASCII': (head) => head.replace('Empty:', 'Empty: é'),
  'has a null byte': (head) => head.replace('Empty:', 'Empty: \0'),
  'has a tab': (head) => head.replace('Empty:', 'Empty: a\tb'),
};
for (const [what, change] of Object.entries(notPlain)) {
  test(`a head that ${what} is left to node:http`, () => {
    const head = change(usual);
    assert.notEqual(head, usual);
    assert.equal(readFastHead(Buffer.from(head, 'latin1')), undefined);
  });
}

type Read = Pick<FastHead, 'target' | 'rawHeaders'> & { readonly method: string; readonly body: string };

/** What node:http makes of bytes that come at once: the requests up to where it finds fault. */
async function readByNode(bytes: Buffer): Promise<Read[]> {
  const requests: Read[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const { method = '', url: target = '', rawHeaders } = request;
      requests.push({ method, target, rawHeaders, body });
      response.end();
    });
  });
  const [client, served] = duplexPair();
  server.emit('connection', served);
  client.on('error', () => {}).resume();
  client.write(bytes);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  client.destroy();
  served.destroy();
  server.close();
  return requests;
}

const name = fc.oneof(
  fc.constantFrom('Content-Length', 'content-length', 'Transfer-Encoding', 'Connection', 'HOST', 'Host'),
  fc.constantFrom('X-Amz-Date', 'Expect', 'Upgrade', 'Keep-Alive', 'TE', 'Trailer', 'Proxy-Connection'),
  fc.stringMatching(/^[!#-'*+.^_`|~a-zA-Z0-9-]{1,12}$/),
);
const value = fc.oneof(
  fc.constantFrom('1', '2', '3, 3', '', 'chunked', 'keep-alive', 'close', 'x', ' 2', '2 ', 'a  b'),
  fc.stringMatching(/^[ -~]{0,20}$/),
);
const mostly = (usually: string, ...others: string[]) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(usually) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const line = fc
  .tuple(
    name,
    mostly(': ', ':', ':  ', ' : ', ':\t', ''),
    value,
    mostly('\r\n', '\n', '\r', '\r\r\n', '\r\n '),
  )
  .map((parts) => parts.join(''));
const framed = fc.constantFrom('Host: x\r\nContent-Length: 3\r\n', 'Content-Length: 3\r\nHost: x\r\n', '');
const target = fc.oneof(fc.constant('/'), fc.stringMatching(/^\/[!-~]{0,10}$/));
const heads = fc
  .tuple(target, framed, fc.array(line, { maxLength: 4 }), mostly('\r\n', '\n', ''))
  .map(([path, first, lines, end]) => `POST ${path} HTTP/1.1\r\n${first}${lines.join('')}${end}`);
/** A head, and now and then one byte of it changed. */
const mutated = fc
  .tuple(heads, fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 3 }))
  .map(([head, change]) => {
    const bytes = Buffer.from(head, 'latin1');
    if (change !== null) bytes[change[0] % bytes.length] = change[1];
    return bytes;
  });

test('node:http reads every plain head in the same way, and finds the next request in the same place', async () => {
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(mutated, async (bytes) => {
      const head = readFastHead(bytes);
      if (head === undefined || head.bodyBytes > 1000) return;
      plain += 1;
      const body = `${bytes.toString('latin1', head.end)}${'b'.repeat(head.bodyBytes)}`.slice(
        0,
        head.bodyBytes,
      );
      const next = 'POST /next HTTP/1.1\r\nHost: next\r\nContent-Length: 4\r\n\r\nnext';
      const whole = Buffer.concat([bytes.subarray(0, head.end), Buffer.from(body + next, 'latin1')]);
      const { method, target, rawHeaders } = head;
      const after = {
        method,
        target: '/next',
        rawHeaders: ['Host', 'next', 'Content-Length', '4'],
        body: 'next',
      };
      assert.deepEqual(await readByNode(whole), [{ method, target, rawHeaders, body }, after]);
    }),
    { numRuns: 10_000 },
  );
  assert.ok(plain > 500, `${plain} of them were plain`);
});
