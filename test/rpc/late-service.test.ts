import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerSide } from '../../src/rpc/dispatch.ts';
import { lateService } from '../../src/rpc/late-service.ts';
import { servedScopes } from '../../src/server/security.ts';
import { readableServices } from '../../src/server/served.ts';
import { caller, dispatchOf, peer, ToyService } from './toy.ts';

/** A toy that loads when it is called, and fails to as often as is said. */
function late(failures = 0) {
  const toy = new ToyService('one');
  const { operations, unserved, ...head } = toy.service;
  let loads = 0;
  const service = lateService(head, async () => {
    loads += 1;
    if (loads <= failures) throw new Error('a file is gone');
    return { operations, unserved };
  });
  return { toy: { service, done: toy.done } as ToyService, loads: () => loads };
}

test('a service loads with its first call, and not with those of others', async () => {
  const { toy, loads } = late();
  const { call } = dispatchOf([new ToyService('two'), toy]);
  await call('Toy_two.Look', '{"Thing":"a"}');
  assert.equal(loads(), 0);
  assert.deepEqual((await call('Toy_one.Look', '{"Thing":"a"}')).said, { Said: 'a' });
  await call('Toy_one.Look', '{"Thing":"b"}');
  assert.equal(loads(), 1);
  assert.deepEqual((await call('Toy_one.Dream', '{}')).said, {
    __type: 'UnknownOperationException',
    message: 'Dream is not served yet.',
  });
});

test('a service that could not be loaded answers so, and is loaded by a later call', async () => {
  const { call } = dispatchOf([new ToyService('two'), late(1).toy]);
  const { status } = await call('Toy_one.Look', '{"Thing":"a"}');
  assert.equal(status, 500);
  assert.deepEqual((await call('Toy_one.Look', '{"Thing":"a"}')).said, { Said: 'a' });
});

test('an owner loads a service that only a worker was called for so far', async () => {
  const { toy } = late();
  const { world } = dispatchOf([toy]);
  const [protocol] = toy.service.protocols;
  const verified = {
    ...{ service: 'one', protocol: protocol!.name, called: { operation: 'Change' } },
    ...{ caller, peer, requestId: 'id', rawHeaders: [] },
  };
  const { status } = await ownerSide([toy.service], world).call(verified, Buffer.from('{"Thing":"a"}'));
  assert.equal(status, 200);
  assert.deepEqual(toy.done, ['Change a']);
});

test('signatures may be scoped to all services that are served, and no others', () => {
  assert.deepEqual(
    servedScopes,
    // The one whose signatures have another name than its actions.
    readableServices.map(({ name }) => (name === 'cloudwatch' ? 'monitoring' : name)),
  );
});
