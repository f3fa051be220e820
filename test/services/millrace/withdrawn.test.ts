import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SigningCredentials } from '../../../src/access/sigv4/sign.ts';
import { SignedServer } from '../../server/delivery/signed-server.ts';
import { TailReader } from './tail-reader.ts';

/** A server with a stream, and a user that may read it. */
async function started(): Promise<{ server: SignedServer; ann: SigningCredentials }> {
  const server = await SignedServer.boot();
  await server.ok('kinesis', 'Kinesis_20131202.CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await server.clock.advance(100);
  await server.iam('CreateUser', { UserName: 'ann' });
  const Action = ['kinesis:GetRecords', 'kinesis:GetShardIterator'];
  const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await server.iam('PutUserPolicy', { UserName: 'ann', PolicyName: 'reads', PolicyDocument });
  const made = await server.iam('CreateAccessKey', { UserName: 'ann' });
  const textIn = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(made)![1]!;
  const ann = { accessKeyId: textIn('AccessKeyId'), secretAccessKey: textIn('SecretAccessKey') };
  return { server, ann };
}

const put = (server: SignedServer, text: string) =>
  server.ok('kinesis', 'Kinesis_20131202.PutRecord', {
    ...{ StreamName: 'orders', PartitionKey: 'a', Data: Buffer.from(text).toString('base64') },
  });

for (const [what, withdraw] of [
  [
    'its permission',
    (server: SignedServer) => server.iam('DeleteUserPolicy', { UserName: 'ann', PolicyName: 'reads' }),
  ],
  [
    'its access key',
    (server: SignedServer, { accessKeyId }: SigningCredentials) =>
      server.iam('UpdateAccessKey', { UserName: 'ann', AccessKeyId: accessKeyId, Status: 'Inactive' }),
  ],
] as const) {
  test(`a tail ends, without another record, when a caller has lost ${what}`, async () => {
    const { server, ann } = await started();
    const answer = await server.get('millrace', '/streams/orders/tail', ann);
    assert.equal(answer.status, 200, String(answer.body));
    const tail = new TailReader(answer.body).follow();
    await server.clock.advance(100);
    await put(server, 'for ann');
    await server.clock.advance(1_500);
    assert.deepEqual(tail.texts, ['for ann']);
    await withdraw(server, ann);
    await server.clock.advance(1_500);
    await put(server, 'a secret');
    await server.clock.advance(1_500);
    assert.deepEqual(tail.texts, ['for ann']);
    assert.ok(tail.isOver);
    assert.equal(tail.named('trouble').length, 1);
    assert.deepEqual(tail.named('end'), [{ reason: 'trouble' }]);
    await server.close();
  });
}
