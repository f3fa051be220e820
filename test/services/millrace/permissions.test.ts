import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SigningCredentials } from '../../../src/access/sigv4/sign.ts';
import type {
  GetServerSightAnswer,
  GetStreamSightAnswer,
  ListAuditRecordsAnswer,
  ListReadersAnswer,
  ListStreamSightsAnswer,
} from '../../../src/services/millrace/sights.ts';
import { type Answered, SignedServer } from '../../server/delivery/signed-server.ts';

const arnOf = (name: string) => `arn:aws:kinesis:*:*:stream/${name}`;

/** A user with these statements: its key. */
async function userWith(
  server: SignedServer,
  UserName: string,
  Statement: readonly object[],
): Promise<SigningCredentials> {
  await server.iam('CreateUser', { UserName });
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await server.iam('PutUserPolicy', { UserName, PolicyName: 'own', PolicyDocument });
  const made = await server.iam('CreateAccessKey', { UserName });
  const textIn = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(made)![1]!;
  return { accessKeyId: textIn('AccessKeyId'), secretAccessKey: textIn('SecretAccessKey') };
}

const allow = (Action: readonly string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });

const look = (server: SignedServer, operation: string, input: object, as?: SigningCredentials) =>
  server.call('millrace', `Millrace_20261129.${operation}`, input, as);

function answerOf<Answer>({ status, body }: Answered): Answer {
  assert.equal(status, 200, JSON.stringify(body));
  return body as Answer;
}

async function booted(): Promise<SignedServer> {
  const server = await SignedServer.boot();
  for (const [StreamName, team] of [
    ['orders', 'a'],
    ['secrets', 'b'],
  ]) {
    await server.ok('kinesis', 'Kinesis_20131202.CreateStream', {
      StreamName,
      ShardCount: 1,
      Tags: { team },
    });
  }
  await server.clock.advance(100);
  return server;
}

const lists = ['millrace:ListStreamSights', 'millrace:ListReaders', 'millrace:GetServerSight'];

test('who has no permission for a stream sees it in no list, and not by its name', async () => {
  const server = await booted();
  const ann = await userWith(server, 'ann', [
    allow(lists, '*'),
    allow(['millrace:GetStreamSight'], arnOf('orders')),
  ]);
  for (const StreamName of ['orders', 'secrets'])
    await server.ok('kinesis', 'Kinesis_20131202.PutRecord', { StreamName, PartitionKey: 'a', Data: 'AAAA' });
  const { Streams } = answerOf<ListStreamSightsAnswer>(await look(server, 'ListStreamSights', {}, ann));
  assert.deepEqual(
    Streams.map(({ Name }) => Name),
    ['orders'],
  );
  const page = answerOf<ListStreamSightsAnswer>(await look(server, 'ListStreamSights', { Limit: 1 }, ann));
  assert.equal(page.NextToken, undefined);
  assert.equal((await look(server, 'GetStreamSight', { StreamName: 'orders' }, ann)).status, 200);
  const denied = await look(server, 'GetStreamSight', { StreamName: 'secrets' }, ann);
  assert.match(JSON.stringify(denied.body), /AccessDeniedException/);
  const hidden = await look(server, 'ListReaders', { StreamName: 'secrets' }, ann);
  assert.match(JSON.stringify(hidden.body), /ResourceNotFoundException/);
  const { Producers } = answerOf<ListReadersAnswer>(await look(server, 'ListReaders', {}, ann));
  assert.deepEqual(
    Producers.map(({ StreamName }) => StreamName),
    ['orders'],
  );
  const sight = answerOf<GetServerSightAnswer>(await look(server, 'GetServerSight', {}, ann));
  assert.ok(!JSON.stringify(sight).includes('secrets'));
  await server.close();
});

test('policies decide by the tags of streams, and by where a caller is', async () => {
  const server = await booted();
  const byTag = { StringEquals: { 'aws:ResourceTag/team': 'b' } };
  const bob = await userWith(server, 'bob', [
    allow(['millrace:ListStreamSights'], '*'),
    { ...allow(['millrace:GetStreamSight'], '*'), Condition: byTag },
  ]);
  const eve = await userWith(server, 'eve', [
    allow(['millrace:*'], '*'),
    {
      ...{ Effect: 'Deny', Action: 'millrace:GetStreamSight', Resource: arnOf('secrets') },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
  for (const [user, names] of [
    [bob, ['secrets']],
    [eve, ['orders']],
  ] as const) {
    const { Streams } = answerOf<ListStreamSightsAnswer>(await look(server, 'ListStreamSights', {}, user));
    assert.deepEqual(
      Streams.map(({ Name }) => Name),
      names,
    );
  }
  await server.close();
});

test('the audit log is shown only with its permission, and has the look at it, but no other look', async () => {
  const server = await booted();
  const ann = await userWith(server, 'ann', [allow(lists, '*')]);
  const denied = await look(server, 'ListAuditRecords', {}, ann);
  assert.match(JSON.stringify(denied.body), /AccessDeniedException/);
  await look(server, 'ListStreamSights', {});
  await server.clock.advance(200);
  const answer = answerOf<ListAuditRecordsAnswer>(await look(server, 'ListAuditRecords', { Limit: 3 }));
  assert.deepEqual(
    answer.Records.map(({ Operation, Outcome }) => [Operation, Outcome]),
    [
      ['millrace:ListAuditRecords', 'AccessDeniedException'],
      ['iam:CreateAccessKey', 'ok'],
      ['iam:PutUserPolicy', 'ok'],
    ],
  );
  assert.match(answer.Records[0]!.Caller, /user\/ann$/);
  const { NextToken } = answer;
  const more = answerOf<ListAuditRecordsAnswer>(await look(server, 'ListAuditRecords', { NextToken }));
  assert.equal(more.Records[0]?.Operation, 'iam:CreateUser');
  assert.ok(more.Records.some(({ Operation }) => Operation === 'kinesis:CreateStream'));
  await server.clock.advance(200);
  const again = answerOf<ListAuditRecordsAnswer>(
    await look(server, 'ListAuditRecords', { Outcome: 'ok', Operation: 'ListAuditRecords' }),
  );
  assert.equal(again.Records.length, 2);
  await server.close();
});

test('partition keys that come often are shown only to who may read them', async () => {
  const server = await booted();
  const seeing = allow(['millrace:GetStreamSight'], '*');
  const reading = allow(['kinesis:GetRecords', 'kinesis:GetShardIterator'], '*');
  const sees = await userWith(server, 'sees', [seeing]);
  const reads = await userWith(server, 'reads', [seeing, reading]);
  const opens = await userWith(server, 'opens', [seeing, reading, allow(['kms:Decrypt'], '*')]);
  const keys = async (as: SigningCredentials) => {
    const sight = await look(server, 'GetStreamSight', { StreamName: 'orders' }, as);
    return answerOf<GetStreamSightAnswer>(sight).Shards[0]!.HotKeys.map(({ Key }) => Key);
  };
  const put = async () => {
    const Records = Array(500).fill({ PartitionKey: 'ann@example.com', Data: 'AAAA' });
    await server.ok('kinesis', 'Kinesis_20131202.PutRecords', { StreamName: 'orders', Records });
  };
  await put();
  assert.deepEqual(await keys(reads), ['ann@example.com']);
  assert.deepEqual(await keys(sees), []);
  const { KeyMetadata } = await server.ok<{ KeyMetadata: { Arn: string } }>(
    'kms',
    'TrentService.CreateKey',
    {},
  );
  const encryption = { StreamName: 'orders', EncryptionType: 'KMS', KeyId: KeyMetadata.Arn };
  await server.ok('kinesis', 'Kinesis_20131202.StartStreamEncryption', encryption);
  await server.clock.advance(2_000);
  await put();
  assert.deepEqual(await keys(reads), []);
  assert.deepEqual(await keys(opens), ['ann@example.com']);
  await server.close();
});
