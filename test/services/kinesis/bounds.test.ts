import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../src/kinesis/limits.ts';
import { authorization, Harness } from './harness.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

function errorIn({ status, body }: { readonly status: number; readonly body: unknown }): string {
  assert.equal(status, 400);
  const { __type: type, message = '' } = body as { readonly __type: string; readonly message?: string };
  return `${type}: ${message.slice(0, 200)}`;
}

test('a policy that is too large is refused before it is read, and one that is as deep as can be is no policy', async () => {
  await using server = await Harness.start();
  await server.createStream('s');
  const put = async (Policy: string) =>
    errorIn(await server.answer('PutResourcePolicy', { ResourceARN: arn, Policy }));
  assert.match(await put('x'.repeat(limits.policyBytesMax + 1)), /larger than 20480 bytes/);
  assert.match(await put('é'.repeat(limits.policyBytesMax / 2 + 1)), /larger than 20480 bytes/);
  const half = limits.policyBytesMax / 2 - 20;
  for (const deep of [
    '['.repeat(limits.policyBytesMax),
    `${'['.repeat(half)}${']'.repeat(half)}`,
    `{"Statement":${'['.repeat(half)}${']'.repeat(half)}}`,
  ]) {
    assert.match(await put(deep), /^InvalidArgumentException: /);
  }
});

test('tokens and iterators of any length are just not ours', async () => {
  await using server = await Harness.start();
  await server.createStream('s');
  const long = 'A'.repeat(1_048_576);
  assert.match(errorIn(await server.answer('ListShards', { NextToken: long })), /NextToken/);
  assert.match(errorIn(await server.answer('GetRecords', { ShardIterator: long })), /^ValidationException/);
  const within = 'A'.repeat(512);
  assert.match(errorIn(await server.answer('GetRecords', { ShardIterator: within })), /^InvalidArgument/);
});

test('a body of very many keys, values or levels is refused as malformed', async () => {
  await using server = await Harness.start();
  const post = async (body: string) => {
    const { status, body: said } = await server.post('ListStreams', body);
    return errorIn({ status, body: JSON.parse(String(said)) });
  };
  const keys = Array.from({ length: 60_000 }, (_, nth) => `"k${nth}":0`).join(',');
  assert.match(await post(`{${keys}}`), /^SerializationException/);
  assert.match(await post(`{"k":[${'0,'.repeat(60_000)}0]}`), /^SerializationException/);
  assert.match(await post(`{"k":${'['.repeat(40)}${']'.repeat(40)}}`), /^SerializationException/);
});

test('a form of very many parameters or levels is refused, and a list takes the room of what is in it', async () => {
  await using server = await Harness.start();
  const post = async (more: string) => {
    const { status } = await server.send({
      method: 'POST',
      target: '/',
      rawHeaders: [
        ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z'],
        ...['Authorization', authorization.replace('/kinesis/', '/sts/').replace(';x-amz-target', '')],
        ...['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: Buffer.from(`Action=GetCallerIdentity&Version=2011-06-15${more}`),
    });
    return status;
  };
  assert.equal(await post(''), 200);
  assert.equal(await post('&Tag.member.999999999.Key=a&Tag.member.1000000000000000.Key=b'), 200);
  assert.equal(await post('&a=b'.repeat(60_000)), 400);
  assert.equal(await post(`&${'a.'.repeat(100)}b=c`), 400);
  assert.equal(await post(`&a=${'b'.repeat(1024 * 1024)}`), 413);
});
