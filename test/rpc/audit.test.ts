import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../../src/access/caller.ts';
import { type AuditEvent, auditKindOf } from '../../src/rpc/audit.ts';
import { recordOf } from '../../src/rpc/audit-record.ts';
import { browserRule } from '../../src/rpc/cors.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { caller, dispatchOf, peer, requestOf, ToyService } from './toy.ts';

const facts = { now: 1_700_000_000_123, eventId: 'an-id', account: '000000000000', region: undefined };

function audited(
  toy: Pick<ToyService, 'service'> = new ToyService('toy'),
  isOpen = false,
  authenticate = (): Caller => caller,
) {
  const events: AuditEvent[] = [];
  const audit = { record: (event: AuditEvent) => void events.push(event) };
  const changes = { audit, browsers: browserRule(undefined, isOpen) };
  const dispatch = dispatchOf([toy], changes, authenticate);
  const records = () => events.map((event) => JSON.parse(recordOf(event, facts)) as Record<string, unknown>);
  return { ...dispatch, events, records };
}

test('a call of the control plane is recorded as CloudTrail records it', async () => {
  const toy = audited();
  await toy.call('Toy_toy.Change', '{"Thing":"a"}');
  const [{ requestID, ...record }] = toy.records() as [Record<string, unknown>];
  assert.match(String(requestID), /^[0-9a-f-]{36}$/);
  const resource = `arn:aws:toy:us-east-1:${caller.account}:stream/a`;
  assert.deepEqual(record, {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: caller.userId,
      arn: caller.arn,
      accountId: caller.account,
      accessKeyId: caller.accessKeyId,
      userName: caller.arn.split('/').at(-1),
    },
    eventTime: '2023-11-14T22:13:20Z',
    eventSource: 'toy.amazonaws.com',
    eventName: 'Change',
    awsRegion: caller.region,
    sourceIPAddress: peer.address,
    requestParameters: { thing: 'a' },
    responseElements: { said: 'a' },
    eventID: 'an-id',
    readOnly: false,
    resources: [{ ARN: resource, accountId: caller.account }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: caller.account,
    eventCategory: 'Management',
  });
});

test('a denial is recorded, with its text and without what was sent', async () => {
  const toy = audited();
  await toy.call('Toy_toy.Change', '{"Thing":"ax"}');
  const [record] = toy.records();
  assert.equal(record!['errorCode'], 'AccessDeniedException');
  assert.match(String(record!['errorMessage']), /is not authorized to perform: toy:Change/);
  assert.equal(record!['requestParameters'], null);
  assert.equal(record!['recipientAccountId'], '111111111111');
});

test('a call with records is recorded when it is denied, whichever way it went, and only then', async () => {
  const toy = new ToyService('toy');
  const operations = [...toy.service.operations].map(
    ([name, operation]) => [name, { ...operation, audit: 'data' }] as const,
  );
  const service = { ...toy.service, operations: new Map(operations) };
  const { call, events } = audited({ service });
  await call('Toy_toy.Look', '{"Thing":"a"}');
  await call('Toy_toy.Look', '{"Thing":"fast"}');
  await call('Toy_toy.Look', '{"Thing":3}');
  assert.equal(events.length, 0);
  await call('Toy_toy.Look', '{"Thing":"ax"}');
  await call('Toy_toy.Look', '{"Thing":"fastx"}');
  assert.deepEqual(
    events.map(({ kind, error, input }) => [kind, error?.type, input]),
    [
      ['call', 'AccessDeniedException', undefined],
      ['call', 'AccessDeniedException', undefined],
    ],
  );
});

test('a request whose signature is refused is recorded with the key that it names, and no other part of it', async () => {
  const refuse = (): Caller => {
    throw new ServiceError(
      'IncompleteSignatureException',
      'It is bad. Authorization=AWS4 Signature=SECRET',
      403,
    );
  };
  const toy = audited(undefined, false, refuse);
  const request = requestOf('Toy_toy.Look', '{"Thing":"SECRET"}');
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKID/20231114/eu-west-1/toy/aws4_request, Signature=SECRET';
  await toy.handle({ ...request, rawHeaders: [...request.rawHeaders, 'Authorization', authorization] });
  const [record] = toy.records();
  assert.equal(toy.events[0]!.kind, 'refused');
  assert.deepEqual(record!['userIdentity'], { type: 'Unknown', accessKeyId: 'AKID' });
  assert.equal(record!['awsRegion'], 'eu-west-1');
  assert.equal(record!['errorCode'], 'IncompleteSignatureException');
  assert.doesNotMatch(JSON.stringify(record), /SECRET/);
});

test('a page in a browser that is refused is recorded', async () => {
  const toy = audited(undefined, true);
  const request = requestOf('Toy_toy.Look', '{"Thing":"a"}');
  await toy.handle({ ...request, rawHeaders: [...request.rawHeaders, 'Origin', 'https://evil.example'] });
  const [record] = toy.records();
  assert.equal(toy.events[0]!.kind, 'refused');
  assert.equal(record!['eventName'], 'BrowserRequest');
  assert.match(String(record!['errorMessage']), /evil\.example/);
});

test('a value that breaks a rule is not in the record of its call', async () => {
  const toy = audited();
  await toy.call('Toy_toy.Change', `{"Thing":"${'S'.repeat(30)}"}`);
  const [record] = toy.records();
  assert.equal(record!['errorCode'], 'ValidationException');
  assert.match(String(record!['errorMessage']), /Value at 'thing' failed to satisfy constraint/);
});

test('what a caller sends as its agent is cut, and is one line', async () => {
  const toy = audited();
  const request = requestOf('Toy_toy.Change', '{"Thing":"a"}');
  const agent = `a\nb\u2028${'c'.repeat(5_000)}`;
  await toy.handle({ ...request, rawHeaders: [...request.rawHeaders, 'User-Agent', agent] });
  assert.equal(String(toy.records()[0]!['userAgent']).length, 1024);
  assert.doesNotMatch(recordOf(toy.events[0]!, facts), /\n/);
});

test('what is too large for a record is left out of it', async () => {
  const toy = audited();
  await toy.call('Toy_toy.Change', '{"Thing":"a"}');
  const [event] = toy.events;
  const record = JSON.parse(recordOf({ ...event!, output: { Said: 'x'.repeat(200_000) } }, facts));
  assert.deepEqual(record.responseElements, { omitted: true, originalSize: 200_011, reason: 'too large' });
});

test('sessions are told apart from users, and those from whom nobody verified', () => {
  const identityOf = (principal: Caller['principal']) =>
    JSON.parse(recordOf({ ...anEvent, caller: { ...caller, principal } }, facts)).userIdentity;
  const issuedAt = 1_700_000_000_000;
  const attributes = { creationDate: '2023-11-14T22:13:20.000Z', mfaAuthenticated: 'false' };
  assert.equal(identityOf({ kind: 'root' }).type, 'Root');
  assert.equal(identityOf({ kind: 'anyone' }).type, 'Unknown');
  assert.equal(identityOf({ kind: 'user', id: 'AIDA1', name: 'ann' }).userName, 'ann');
  const session = identityOf({ kind: 'user', id: 'AIDA1', name: 'ann', issuedAt });
  assert.deepEqual(session.sessionContext, { attributes });
  const role = identityOf({ kind: 'role', id: 'AROA1', name: 'reader', issuedAt });
  assert.equal(role.type, 'AssumedRole');
  assert.deepEqual(role.sessionContext, {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROA1',
      arn: `arn:aws:iam::${caller.account}:role/reader`,
      accountId: caller.account,
      userName: 'reader',
    },
    attributes,
  });
});

test('a request says over which listener it came, and with which name for it over TLS', () => {
  const from = { ...peer, secure: true, vpce: 'private' };
  const headers = new Map([['host', 'kinesis.example']]);
  const record = JSON.parse(recordOf({ ...anEvent, peer: from, headers }, facts));
  assert.equal(record.vpcEndpointId, 'private');
  assert.deepEqual(record.tlsDetails, { clientProvidedHostHeader: 'kinesis.example' });
});

test('an operation that does not say how it is recorded is named for it', () => {
  const kinds = ['DescribeStream', 'GetRecords', 'ListStreams', 'CreateStream', 'Getaway'].map((name) =>
    auditKindOf({ name }),
  );
  assert.deepEqual(kinds, ['read', 'read', 'read', 'write', 'write']);
  assert.equal(auditKindOf({ name: 'Decrypt', audit: 'read' }), 'read');
});

const anEvent: AuditEvent = {
  kind: 'call',
  requestId: 'a-request',
  service: 'toy',
  operation: {
    name: 'Change',
    input: new ToyService('toy').service.operations.get('Change')!.input,
    output: undefined,
  },
  caller: undefined,
  peer,
  headers: new Map(),
};
