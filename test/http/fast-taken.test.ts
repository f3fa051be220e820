import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import { echo, listen, RawClient } from './raw-client.ts';

/** A listener, and how many requests node:http has served in this process since it began. */
async function serve() {
  const listening = await listen(echo);
  let general = 0;
  const count = () => {
    general += 1;
  };
  subscribe('http.server.request.start', count);
  return {
    client: () => new RawClient(listening),
    general: () => general,
    async [Symbol.asyncDispose]() {
      unsubscribe('http.server.request.start', count);
      await listening.close();
    },
  };
}

/** Heads as they were written by clients of AWS, without the values of their signatures. */
const heads: Readonly<Record<string, string>> = {
  'aws-sdk-js v2': [
    'POST / HTTP/1.1',
    'User-Agent: aws-sdk-nodejs/2.1692.0 linux/v26.10.0 callback',
    'Content-Type: application/x-amz-json-1.1',
    'X-Amz-Target: Kinesis_20131202.PutRecords',
    'X-Amz-Content-Sha256: 0',
    'Content-Length: 5',
    'Host: 127.0.0.1:4567',
    'X-Amz-Date: 20261128T120000Z',
    'Authorization: AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0',
    'Connection: keep-alive',
  ].join('\r\n'),
  boto3: [
    'POST / HTTP/1.1',
    'Host: 127.0.0.1:4567',
    'Accept-Encoding: identity',
    'X-Amz-Target: Kinesis_20131202.PutRecord',
    'Content-Type: application/x-amz-cbor-1.1',
    'User-Agent: Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux lang/python#3.13 cfg/retry-mode#legacy',
    'X-Amz-Date: 20261128T120000Z',
    'Authorization: AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0',
    'amz-sdk-invocation-id: 7a1c0a52-7c8f-4a41-9a0f-0123456789ab',
    'amz-sdk-request: attempt=1',
    'Content-Length: 5',
  ].join('\r\n'),
  'rpc-v2-cbor': [
    'POST /service/Kinesis_20131202/operation/PutRecords HTTP/1.1',
    'host: 127.0.0.1:4567',
    'smithy-protocol: rpc-v2-cbor',
    'content-type: application/cbor',
    'accept: application/cbor',
    'content-length: 5',
    'connection: keep-alive',
  ].join('\r\n'),
};

for (const [client, head] of Object.entries(heads)) {
  test(`plain requests are served the fast path, one after the other on a connection: ${client}`, async () => {
    await using server = await serve();
    const connection = server.client();
    for (const body of ['first', 'other', 'third']) {
      await connection.say(`${head}\r\n\r\n${body}`).hear(`"body":"${body}"`);
    }
    assert.equal(server.general(), 0);
    connection.socket.destroy();
  });
}

test('requests in one packet have each its own head and body', async () => {
  await using server = await serve();
  const request = (target: string, body: string) =>
    `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const bodies = ['a', 'longer than it', 'b', 'c'];
  const connection = server.client().say(bodies.map((body, nth) => request(`/${nth}`, body)).join(''));
  const heard = await connection.hear('"body":"c"');
  assert.deepEqual(
    [...heard.matchAll(/"target":"\/(\d)".*?"length":(\d+),"body":"([^"]*)"/g)].map(([, ...parts]) => parts),
    bodies.map((body, nth) => [String(nth), String(body.length), body]),
  );
  assert.equal(server.general(), 0);
  connection.socket.destroy();
});

test('what is not plain is left to node:http', async () => {
  await using server = await serve();
  const connection = server.client().say('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  await connection.hear('"target":"/health"');
  assert.equal(server.general(), 1);
  connection.socket.destroy();
});
