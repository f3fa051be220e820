import assert from 'node:assert/strict';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import * as sdk from '@aws-sdk/client-kinesis';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { presignedTarget } from '../../../src/access/sigv4/presign.ts';
import { type SigningCredentials, signedHeaders } from '../../../src/access/sigv4/sign.ts';
import type { ServerOptions } from '../../../src/server/options.ts';
import { startTestServer, type TestServer } from '../../server/server-under-test.ts';

const scope = { region: 'us-east-1', service: 'millrace' };

/** A server with a stream, and a client of it. */
async function started(options: Partial<ServerOptions> = {}) {
  const server = await startTestServer(options);
  const kinesis = new sdk.KinesisClient({ ...server.clientConfig, maxAttempts: 1 });
  await kinesis.send(new sdk.CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
  await sdk.waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.1 },
    { StreamName: 'orders' },
  );
  const put = (text: string) =>
    kinesis.send(
      new sdk.PutRecordCommand({ StreamName: 'orders', PartitionKey: text, Data: Buffer.from(text) }),
    );
  return {
    ...{ server, kinesis, put },
    async [Symbol.asyncDispose]() {
      kinesis.destroy();
      await server.close();
    },
  };
}

/** Reads an answer until a text is in it, or to its end. */
async function readUntil(answer: Response, isThere: (text: string) => boolean): Promise<string> {
  let text = '';
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (!isThere(text)) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader.cancel();
  return text;
}

const signed = (server: TestServer, target: string, credentials: SigningCredentials): Promise<Response> => {
  const { host } = new URL(server.url);
  const { host: _, ...headers } = signedHeaders(
    { method: 'GET', target, headers: { host }, body: '' },
    credentials,
    scope,
    Date.now(),
  );
  return fetch(`${server.url}${target}`, { headers });
};

test('a page of the server itself may tail it without a signature, and pages of elsewhere may not', async () => {
  await using open = await started();
  await open.put('seen');
  const target = `${open.server.url}/streams/orders/tail?from=TRIM_HORIZON`;
  const own = await fetch(target, {
    headers: { 'sec-fetch-site': 'same-origin', 'user-agent': 'Mozilla/5.0' },
  });
  assert.equal(own.status, 200);
  assert.equal(own.headers.get('content-type'), 'text/event-stream');
  assert.match(own.headers.get('cache-control')!, /no-store/);
  const data = Buffer.from('seen').toString('base64');
  assert.match(await readUntil(own, (text) => text.includes('\n\nevent: record')), new RegExp(data));
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none', 'user-agent': 'Mozilla/5.0' },
  ]) {
    const refused = await fetch(target, { headers });
    assert.equal(refused.status, 400, JSON.stringify(headers));
    assert.match(await refused.text(), /The request is refused/);
  }
});

test('where signatures are verified a tail needs one, in its headers or in the query', async () => {
  await using guarded = await started({ auth: 'required' });
  const { server } = guarded;
  await guarded.put('seen');
  const target = '/streams/orders/tail?from=TRIM_HORIZON';
  const hasRecord = (text: string) => text.includes('event: record');
  const credentials = server.clientConfig.credentials;
  assert.ok(hasRecord(await readUntil(await signed(server, target, credentials), hasRecord)));
  const { host } = new URL(server.url);
  const presigned = presignedTarget(target, host, credentials, scope, { now: Date.now(), seconds: 60 });
  assert.ok(hasRecord(await readUntil(await fetch(`${server.url}${presigned}`), hasRecord)));
  assert.ok((await fetch(`${server.url}${target}`)).status >= 400);
  assert.equal((await fetch(`${server.url}${presigned.replace('TRIM_HORIZON', 'LATEST')}`)).status, 400);
  const wrong = await signed(server, target, { ...credentials, secretAccessKey: 'another' });
  assert.equal(wrong.status, 400);
});

test('a tail and a query need both permissions of reading, and that of the key of what they read', async () => {
  await using guarded = await started({ auth: 'required' });
  const { server, kinesis } = guarded;
  const iam = new IAMClient(server.clientConfig);
  const kms = new KMSClient(server.clientConfig);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kinesis.send(
    new sdk.StartStreamEncryptionCommand({
      StreamName: 'orders',
      EncryptionType: 'KMS',
      KeyId: KeyMetadata!.KeyId,
    }),
  );
  await sdk.waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.1 },
    { StreamName: 'orders' },
  );
  await guarded.put('a secret');
  const userWith = async (UserName: string, ...Action: string[]) => {
    await iam.send(new CreateUserCommand({ UserName }));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  };
  const half = await userWith('half', 'kinesis:GetRecords', 'millrace:*');
  const reader = await userWith('reader', 'kinesis:GetRecords', 'kinesis:GetShardIterator');
  const trusted = await userWith('trusted', 'kinesis:Get*', 'kms:Decrypt');
  const tailed = '/streams/orders/tail?from=TRIM_HORIZON';
  const queried = `/streams/orders/query?sql=${encodeURIComponent('SELECT text FROM records')}`;
  for (const target of [tailed, queried]) {
    const denied = await signed(server, target, half);
    assert.equal(denied.status, 400);
    assert.match(await denied.text(), /not authorized to perform: kinesis:GetShardIterator/);
    const troubled = await readUntil(await signed(server, target, reader), (text) =>
      text.includes('event: trouble'),
    );
    assert.match(troubled, /KMSAccessDeniedException/);
    assert.ok(!troubled.includes('event: record') && !troubled.includes('event: row'));
  }
  const shown = await readUntil(await signed(server, tailed, trusted), (text) =>
    text.includes('event: record'),
  );
  assert.ok(shown.includes(Buffer.from('a secret').toString('base64')));
  assert.match(
    await readUntil(await signed(server, queried, trusted), (text) => text.includes('event: end')),
    /a secret/,
  );
  iam.destroy();
  kms.destroy();
});

test('a server with workers has tails in the thread that took them, and ends them when it ends', async () => {
  const guarded = await started({ workers: 2 });
  const tails = await Promise.all([1, 2, 3, 4].map(() => fetch(`${guarded.server.url}/streams/orders/tail`)));
  const reading = tails.map((answer) => readUntil(answer, () => false));
  const first = await fetch(`${guarded.server.url}/streams/orders/tail?from=TRIM_HORIZON`);
  await guarded.put('for all');
  await readUntil(first, (text) => text.includes('event: record'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await guarded[Symbol.asyncDispose]();
  const data = Buffer.from('for all').toString('base64');
  for (const text of await Promise.all(reading)) assert.ok(text.includes(data), text);
});

/** Whether the server has noticed: a wait that nobody wants any more has its server end at once. */
async function endsSoon(server: TestServer): Promise<boolean> {
  const before = performance.now();
  await server.close();
  return performance.now() - before < 15_000;
}

test('a wait of GetRecords ends with its connection, however it came', async () => {
  const guarded = await started();
  const { server, kinesis } = guarded;
  const { ShardIterator } = await kinesis.send(
    new sdk.GetShardIteratorCommand({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'LATEST',
    }),
  );
  const body = JSON.stringify({ ShardIterator });
  const { hostname, port, host } = new URL(server.url);
  const headers = signedHeaders(
    {
      ...{ method: 'POST', target: '/', body },
      headers: {
        ...{ host, 'x-amz-target': 'Kinesis_20131202.GetRecords', 'x-millrace-wait': '20' },
        'content-type': 'application/x-amz-json-1.1',
      },
    },
    server.clientConfig.credentials,
    { region: 'us-east-1', service: 'kinesis' },
    Date.now(),
  );
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) });
  // A client that ends its half is answered: over the fast path, and over node:http, which a header leads to.
  for (const more of ['', 'connection: keep-alive, x\r\n']) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST / HTTP/1.1\r\n${lines.map(([name, text]) => `${name}: ${text}`).join('\r\n')}\r\n${more}\r\n${body}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(socket.bytesRead, 0);
    const before = performance.now();
    socket.end();
    for await (const _ of socket);
    assert.ok(performance.now() - before < 15_000, 'it waited to its end');
  }
  const session = connectHttp2(server.url);
  const { host: authority, ...rest } = headers;
  const stream = session.request({ ':method': 'POST', ':path': '/', ':authority': authority!, ...rest });
  stream.on('error', () => {});
  stream.end(body);
  await new Promise((resolve) => setTimeout(resolve, 300));
  stream.close(constants.NGHTTP2_CANCEL);
  await new Promise((resolve) => setTimeout(resolve, 100));
  session.destroy();
  kinesis.destroy();
  assert.ok(await endsSoon(server));
});
