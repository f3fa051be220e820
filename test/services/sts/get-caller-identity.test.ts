import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign, withHeader } from '../../access/sigv4/signer.ts';
import { Harness, type WholeResponse } from '../kinesis/harness.ts';

type Order = NonNullable<Parameters<typeof sign>[0]>;

const user: Order = {
  accessKeyId: 'SHOP',
  key: { secretAccessKey: 'the secret of the shop' },
  service: 'sts',
};
const form = 'Action=GetCallerIdentity&Version=2011-06-15';
const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** A server that verifies signatures. */
function start(region?: string): Promise<Harness> {
  return Harness.startFor(
    '[shop]\naws_access_key_id = SHOP\naws_secret_access_key = the secret of the shop\naws_account_id = 111111111111\n',
    { region },
  );
}

async function post(server: Harness, body: string, order: Order = {}): Promise<WholeResponse> {
  const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return server.send(await sign({ ...user, at: server.clock.now(), headers, body, ...order }));
}

/** An answer, its request id left out: what it says, in a line. */
function told({ status, headers, body }: WholeResponse): {
  status: number;
  type: string | undefined;
  xml: string;
} {
  const requestId = headers['x-amzn-RequestId'];
  const xml = String(body).replace(`<RequestId>${requestId}</RequestId>`, '<RequestId>ID</RequestId>');
  return { status, type: headers['Content-Type'], xml };
}

function refusal(status: number, code: string, message: string) {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  const xml = `<ErrorResponse xmlns="${namespace}">${error}<RequestId>ID</RequestId></ErrorResponse>`;
  return { status, type: 'text/xml', xml };
}

/** The user id is the hash of account and name, and so the same in every run. */
const identity = {
  status: 200,
  type: 'text/xml',
  xml:
    `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>` +
    '<Arn>arn:aws:iam::111111111111:user/shop</Arn><UserId>AIDAH4ZI35KBBXYEJDCFS</UserId><Account>111111111111</Account>' +
    '</GetCallerIdentityResult><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
};

test('a user who asks who it is, in a form, is told its account, name and id', async () => {
  await using server = await start();
  assert.deepEqual(told(await post(server, form)), identity);
});

test('the same question may be a GET', async () => {
  await using server = await start();
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const headers = { host: 'localhost' };
  const order: Order = { ...user, at: server.clock.now(), method: 'GET', query, headers, body: '' };
  assert.deepEqual(told(await server.send(await sign(order))), identity);
  // Tools hand such a link to a server, which asks with it who they are.
  assert.deepEqual(told(await server.send(await sign({ ...order, expiresIn: 60 }))), identity);
});

test('the ARN is of the partition of the only region served, whichever one is signed for', async () => {
  for (const [served, partition] of [
    [undefined, 'aws'],
    ['cn-north-1', 'aws-cn'],
  ] as const) {
    await using server = await start(served);
    for (const region of ['us-east-1', 'cn-north-1']) {
      const { body } = await post(server, form, { region });
      assert.match(String(body), RegExp(`<Arn>arn:${partition}:iam::111111111111:user/shop</Arn>`));
    }
  }
});

test('without a credentials file, the key is the name', async () => {
  await using server = await Harness.start();
  const { body } = await post(server, form, { accessKeyId: 'ANYBODY', service: 'guessed-wrong' });
  assert.match(String(body), /<Arn>arn:aws:iam::000000000000:user\/ANYBODY<\/Arn>/);
});

const unknown = (action: string, version: string) =>
  `Could not find operation ${action} for version ${version}`;
const forms: [what: string, form: string, code: string, message: string][] = [
  [
    'an unknown action',
    'Action=GetNothing&Version=2011-06-15',
    'InvalidAction',
    unknown('GetNothing', '2011-06-15'),
  ],
  [
    'an action of another version',
    'Version=2010-01-01&Action=GetCallerIdentity',
    'InvalidAction',
    unknown('GetCallerIdentity', '2010-01-01'),
  ],
  [
    'no version',
    'Action=GetCallerIdentity',
    'InvalidAction',
    unknown('GetCallerIdentity', 'NO_VERSION_SPECIFIED'),
  ],
  ['no action', 'Version=2011-06-15', 'MissingAction', 'Missing Action'],
  [
    'an action that is not served',
    'Action=GetFederationToken&Version=2011-06-15',
    'InvalidAction',
    'GetFederationToken is not served yet.',
  ],
];

for (const [what, body, code, message] of forms) {
  test(`a form with ${what} is refused in XML`, async () => {
    await using server = await start();
    assert.deepEqual(told(await post(server, body)), refusal(400, code, message));
  });
}

test('a form that is too long is refused unread', async () => {
  await using server = await start();
  const { status, xml } = told(await post(server, `${form}&a=${'a'.repeat(1024 * 1024)}`));
  assert.equal(status, 413);
  assert.match(xml, /<Code>RequestEntityTooLarge<\/Code>/);
});

const invalidToken = 'The security token included in the request is invalid.';
const mismatch =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

test('a signature that is wrong is refused as STS refuses it', async () => {
  await using server = await start();
  const wrongKey = { key: { secretAccessKey: 'another' } };
  assert.deepEqual(told(await post(server, form, wrongKey)), refusal(403, 'SignatureDoesNotMatch', mismatch));
  const stranger = { accessKeyId: 'NOBODY' };
  assert.deepEqual(
    told(await post(server, form, stranger)),
    refusal(403, 'InvalidClientTokenId', invalidToken),
  );
});

test('a signature for another service is none for this one', async () => {
  await using server = await start();
  const scoped = "Credential should be scoped to correct service: 'sts'. ";
  assert.deepEqual(
    told(await post(server, form, { service: 'kinesis' })),
    refusal(403, 'SignatureDoesNotMatch', scoped),
  );
});

test('a form without a signature is refused as STS refuses it', async () => {
  await using server = await start();
  const signed = await sign({
    ...user,
    body: form,
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
  });
  const unsigned = withHeader(signed, 'authorization', undefined);
  const text = 'Request is missing Authentication Token';
  assert.deepEqual(told(await server.send(unsigned)), refusal(403, 'MissingAuthenticationToken', text));
});

test('a signature for STS does not open Kinesis', async () => {
  await using server = await start();
  const headers = {
    host: 'localhost',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.ListStreams',
  };
  const { status, body } = await server.send(
    await sign({ ...user, at: server.clock.now(), headers, body: '{}' }),
  );
  assert.equal(status, 400);
  assert.match(String(body), /Credential should be scoped to correct service: 'kinesis'/);
});
