import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from '../../access/sigv4/signer.ts';
import { Harness } from '../kinesis/harness.ts';

type Order = NonNullable<Parameters<typeof sign>[0]>;
type Session = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

const shop: Order = { accessKeyId: 'SHOP', key: { secretAccessKey: 'the secret of the shop' } };
const text = '[shop]\naws_access_key_id = SHOP\naws_secret_access_key = the secret of the shop\n';

async function post(server: Harness, order: Order, form: string): Promise<string> {
  const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' };
  const body = `${form}&Version=2011-06-15`;
  const { body: xml } = await server.send(
    await sign({ ...order, service: 'sts', at: server.clock.now(), headers, body }),
  );
  return String(xml);
}

async function newSession(server: Harness): Promise<Session> {
  const xml = await post(server, shop, 'Action=GetSessionToken&DurationSeconds=900');
  const part = (name: string) => RegExp(`<${name}>([^<]+)<`).exec(xml)![1]!;
  return {
    accessKeyId: part('AccessKeyId'),
    secretAccessKey: part('SecretAccessKey'),
    sessionToken: part('SessionToken'),
  };
}

/** What a caller is told who asks who it is: its ARN, or an error's name. */
async function told(server: Harness, { accessKeyId, ...key }: Session): Promise<string> {
  const xml = await post(server, { accessKeyId, key }, 'Action=GetCallerIdentity');
  return /<(?:Arn|Code)>([^<]+)</.exec(xml)![1]!;
}

test('of two sessions, no part of one is of use to the other', async () => {
  await using server = await Harness.startFor(text);
  const [one, other] = [await newSession(server), await newSession(server)];
  assert.equal(await told(server, one), 'arn:aws:iam::000000000000:user/shop');
  const { accessKeyId, secretAccessKey, sessionToken } = other;
  assert.equal(await told(server, { ...one, sessionToken }), 'InvalidClientTokenId');
  assert.equal(await told(server, { ...one, accessKeyId }), 'InvalidClientTokenId');
  assert.equal(await told(server, { ...one, accessKeyId, sessionToken }), 'SignatureDoesNotMatch');
  assert.equal(await told(server, { ...one, secretAccessKey }), 'SignatureDoesNotMatch');
});

test('a session is over at the moment that it names, and not before', async () => {
  await using server = await Harness.startFor(text);
  const session = await newSession(server);
  const end = server.clock.now() + 900_000;
  await server.clock.advance(899_999);
  assert.equal(await told(server, session), 'arn:aws:iam::000000000000:user/shop');
  await server.clock.advance(1);
  assert.equal(server.clock.now(), end);
  assert.equal(await told(server, session), 'ExpiredToken');
});

test('a session ends where signatures are not verified, too', async () => {
  await using open = await Harness.start();
  const session = await newSession(open);
  assert.match(await told(open, session), /user\/SHOP$/);
  await open.clock.advance(900_000);
  assert.equal(await told(open, session), 'ExpiredToken');
});
