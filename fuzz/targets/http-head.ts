import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import { readFastHead } from '../../src/http/fast-head.ts';
import { seedsOf, type Target } from '../target.ts';

type Read = {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: string;
};

/** The reader of plain heads against node:http: both see the same request, and the next in the same place. */
export const httpHeadTarget: Target = {
  name: 'http-head',
  seeds: seedsOf(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n',
    'POST /a?b=c HTTP/1.1\r\nX-Amz-Target: Kinesis_20131202.PutRecord\r\nHost: x:1\r\nConnection: Keep-Alive\r\nEmpty:\r\nContent-Length: 12\r\n\r\n',
  ),
  words: [
    ...[
      '\r\n',
      '\n',
      '\r',
      '\r\n ',
      ': ',
      ' :',
      ':\t',
      '\r\n\r\n',
      '\0',
      '\x80',
      '\xff',
      'Host: y\r\n',
      'GET',
      ' ',
    ],
    ...[
      'Content-Length: 1\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Connection: close\r\n',
      'Expect: 100-continue\r\n',
    ],
    ...['Upgrade: h2c\r\n', 'TE: x\r\n', 'Trailer: x\r\n', 'HTTP/1.0', 'HTTP/1.1', '+3', '0x3', '03', '3, 3'],
  ],
  run: async (input) => {
    const head = readFastHead(input);
    if (head === undefined) return 'left to node:http';
    if (head.bodyBytes > 1_000) return 'large';
    const { method, target, rawHeaders, end, bodyBytes } = head;
    const body = `${input.toString('latin1', end)}${'b'.repeat(bodyBytes)}`.slice(0, bodyBytes);
    const whole = Buffer.concat([input.subarray(0, end), Buffer.from(body + next, 'latin1')]);
    assert.deepEqual(await readByNode(whole), [{ method, target, rawHeaders, body }, nextRead]);
    return `plain, ${Math.min(rawHeaders.length >> 1, 6)} headers`;
  },
};

const next = 'POST /next HTTP/1.1\r\nHost: next\r\nContent-Length: 4\r\n\r\nnext';
const nextRead: Read = {
  method: 'POST',
  target: '/next',
  rawHeaders: ['Host', 'next', 'Content-Length', '4'],
  body: 'next',
};

/** What node:http makes of bytes that come at once, up to where it finds fault. */
async function readByNode(bytes: Buffer): Promise<Read[]> {
  const requests: Read[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      requests.push({ method: request.method, target: request.url, rawHeaders: request.rawHeaders, body });
      response.end();
      if (requests.length === 2) resolve();
    });
  });
  server.on('clientError', () => resolve());
  const [client, served] = duplexPair();
  served.on('close', resolve);
  server.emit('connection', served);
  client.on('error', () => {}).resume();
  client.end(bytes);
  await all;
  client.destroy();
  served.destroy();
  server.close();
  return requests;
}
