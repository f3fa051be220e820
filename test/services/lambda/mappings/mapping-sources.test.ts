import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyIdentity, type IdentityState, type Role } from '../../../../src/access/identity/state.ts';
import { PolicyAuthorizer } from '../../../../src/access/policy/policy-authorizer.ts';
import { emptyState, streamKeyOf } from '../../../../src/catalog/state.ts';
import type { Stream } from '../../../../src/kinesis/stream.ts';
import { mappingSources } from '../../../../src/services/lambda/mappings/mapping-sources.ts';
import { SourceError } from '../../../../src/services/lambda/mappings/source-access.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';
import { orders, ordersArn } from '../mapping-calls.ts';

const fanArn = `${ordersArn}/consumer/fan:1600000000`;
const roleArn = 'arn:aws:iam::000000000000:role/service-role/Reader';

/** What a role may do by statements that each allow an action on a resource. */
function identityOf(
  allowed: readonly (readonly [action: string, resource: string])[],
  account = '000000000000',
) {
  const Statement = allowed.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
  const role: Role = {
    ...{ id: 'AROA1', name: 'Reader', path: '/service-role/', createdAt: 0, attached: [], boundary: null },
    ...{ tags: [], trust: '{}', description: '', sessionSecondsMax: 3600 },
    inline: [{ name: 'p', document: JSON.stringify({ Version: '2012-10-17', Statement }) }],
  };
  const roles = new Map([['reader', role]]);
  const empty = { users: new Map(), groups: new Map(), policies: new Map() };
  const state: IdentityState = {
    ...emptyIdentity,
    accounts: new Map([[account, { id: account, ...empty, roles }]]),
  };
  return { state };
}

type Given = {
  readonly identity?: { readonly state: IdentityState };
  readonly stream?: Stream;
  readonly denied?: string;
  readonly isSigned?: boolean;
};

function sourcesOf({ identity = identityOf([]), stream = orders, denied, isSigned = true }: Given) {
  const state = { ...emptyState, streams: new Map([[streamKeyOf(stream), stream]]) };
  const clock = new ManualClock();
  return mappingSources({
    catalog: { state },
    identity,
    authorizer: isSigned ? new PolicyAuthorizer({ identity, clock, enforced: true }) : undefined,
    requireToRead: (_caller, _stream, keyArns) => {
      if (keyArns.some((arn) => arn === denied)) throw new ServiceError('KMSAccessDeniedException', 'no');
    },
  });
}

function reasonOf(given: Given, source: string, role = roleArn): string {
  try {
    const found = sourcesOf(given).find(source, role);
    assert.deepEqual([found.stream, found.arn], [given.stream ?? orders, source]);
    return 'found';
  } catch (error) {
    assert.ok(error instanceof SourceError);
    return error.reason;
  }
}

const reading = ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream'] as const;
const on = (resource: string, actions: readonly string[]) =>
  actions.map((action) => [action, resource] as const);

test('a stream is read by a role that may describe and read it, and by no other', () => {
  assert.equal(reasonOf({ identity: identityOf(on(ordersArn, reading)) }, ordersArn), 'found');
  // As some roles at AWS have it.
  const summary = ['kinesis:DescribeStreamSummary', 'kinesis:ListShards'];
  const others = on(ordersArn, [...reading.slice(0, 2), ...summary]);
  assert.equal(reasonOf({ identity: identityOf(others) }, ordersArn), 'found');
  for (let missing = 0; missing < reading.length; missing++) {
    const some = on(ordersArn, reading.toSpliced(missing, 1));
    assert.equal(
      reasonOf({ identity: identityOf(some) }, ordersArn),
      'denied',
      `without ${reading[missing]}`,
    );
  }
  const other = identityOf(on(ordersArn.replace('orders', 'others'), reading));
  assert.equal(reasonOf({ identity: other }, ordersArn), 'denied');
  assert.equal(reasonOf({ identity: { state: emptyIdentity } }, ordersArn), 'denied');
});

test('the refusal is in the words of AWS', () => {
  assert.throws(() => sourcesOf({}).find(ordersArn, roleArn), {
    name: 'SourceError',
    message: `Cannot access stream ${ordersArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
  });
  assert.throws(() => sourcesOf({}).find(ordersArn.replace('orders', 'others'), roleArn), {
    message: `Stream not found: ${ordersArn.replace('orders', 'others')}`,
  });
});

test('a consumer is subscribed to by a role that may do that, and describe its stream', () => {
  const described = on(ordersArn, ['kinesis:DescribeStream']);
  const subscribed = on(fanArn, ['kinesis:SubscribeToShard']);
  assert.equal(reasonOf({ identity: identityOf([...described, ...subscribed]) }, fanArn), 'found');
  assert.equal(reasonOf({ identity: identityOf(described) }, fanArn), 'denied');
  assert.equal(reasonOf({ identity: identityOf(subscribed) }, fanArn), 'denied');
  assert.equal(reasonOf({ identity: identityOf(on(ordersArn, reading)) }, fanArn), 'denied');
});

test('a stream of another account is read by both its policy and the role', () => {
  const Principal = { AWS: 'arn:aws:iam::111111111111:role/service-role/Reader' };
  const Statement = [{ Effect: 'Allow', Principal, Action: [...reading], Resource: ordersArn }];
  const stream = { ...orders, policy: JSON.stringify({ Version: '2012-10-17', Statement }) };
  const role = roleArn.replace('000000000000', '111111111111');
  const identity = identityOf(on(ordersArn, reading), '111111111111');
  assert.equal(reasonOf({ identity, stream }, ordersArn, role), 'found');
  assert.equal(reasonOf({ identity }, ordersArn, role), 'denied');
  assert.equal(reasonOf({ identity: identityOf([], '111111111111'), stream }, ordersArn, role), 'denied');
});

test('where signatures are not verified, every role reads', () => {
  assert.equal(reasonOf({ isSigned: false }, ordersArn), 'found');
  assert.equal(reasonOf({ isSigned: false }, fanArn), 'found');
});

test('a stream or a consumer that is on its way out is missing', () => {
  assert.equal(
    reasonOf({ isSigned: false, stream: { ...orders, status: 'DELETING' } }, ordersArn),
    'missing',
  );
  const [fan] = orders.consumers;
  const stream: Stream = { ...orders, consumers: [{ ...fan!, status: 'DELETING' }] };
  assert.equal(reasonOf({ isSigned: false, stream }, fanArn), 'missing');
});

test('what a key is needed for is not read by a role that may not use it', () => {
  const identity = identityOf(on(ordersArn, reading));
  const found = sourcesOf({ identity, denied: 'arn:k' }).find(ordersArn, roleArn);
  found.requireKeys(['arn:other']);
  assert.throws(() => found.requireKeys(['arn:other', 'arn:k']), { name: 'SourceError', reason: 'denied' });
});
