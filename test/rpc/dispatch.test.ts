import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Owner, ownerSide, type VerifiedCall } from '../../src/rpc/dispatch.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { caller, dispatchOf, peer, ToyService } from './toy.ts';

const one = () => new ToyService('one');

test('a call goes to the service that its target names', async () => {
  const toys = [one(), new ToyService('two')];
  const { call } = dispatchOf(toys);
  assert.deepEqual((await call('Toy_two.Look', '{"Thing":"a"}')).said, { Said: 'a' });
  assert.deepEqual((await call('Toy_one.Look', '{"Thing":"b"}')).said, { Said: 'b' });
  assert.deepEqual(
    toys.map(({ done }) => done),
    [['Look b'], ['Look a']],
  );
});

test('a signature must be for the service that is called', async () => {
  const asked: (readonly string[])[] = [];
  const { call } = dispatchOf([one(), new ToyService('two')], {}, (_request, _headers, _now, services) => {
    asked.push(services);
    return caller;
  });
  await call('Toy_two.Look', '{"Thing":"a"}');
  assert.deepEqual(asked, [['two']]);
});

for (const thing of ['onex', 'fastx']) {
  test(`nothing is done for a caller that may not do it: ${thing}`, async () => {
    const toy = one();
    const { said } = await dispatchOf([toy]).call('Toy_one.Look', `{"Thing":"${thing}"}`);
    assert.deepEqual(said, {
      __type: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::000000000000:user/alice is not authorized to perform: one:Look on resource: ' +
        `arn:aws:toy:us-east-1:111111111111:stream/${thing} because no resource-based policy allows the one:Look action`,
    });
    assert.deepEqual(toy.done, []);
  });
}

for (const thing of ['slow', 'fast']) {
  test(`nothing is done once there were too many calls, and other streams have their own count: ${thing}`, async () => {
    const toy = one();
    const { call } = dispatchOf([toy]);
    for (let nth = 0; nth < 2; nth++) await call('Toy_one.Look', `{"Thing":"${thing}"}`);
    const { said } = await call('Toy_one.Look', `{"Thing":"${thing}"}`);
    assert.deepEqual(said, {
      __type: 'LimitExceededException',
      message: `Rate exceeded for stream ${thing} under account 000000000000.`,
    });
    await call('Toy_one.Look', `{"Thing":"${thing}2"}`);
    assert.deepEqual(toy.done, [`Look ${thing}`, `Look ${thing}`, `Look ${thing}2`]);
  });
}

test('without limits calls are not counted', async () => {
  const toy = one();
  const { call } = dispatchOf([toy], { rates: undefined });
  for (let nth = 0; nth < 5; nth++) await call('Toy_one.Look', '{"Thing":"a"}');
  assert.equal(toy.done.length, 5);
});

test('an operation of the owner is done there, another one here, and both as if there was one thread', async () => {
  const [here, there] = [one(), one()];
  const { world } = dispatchOf([there]);
  const calls: VerifiedCall[] = [];
  const side = ownerSide([there.service], world);
  const owner: Owner = {
    ...side,
    call(verified, body) {
      calls.push(verified);
      return side.call(verified, body);
    },
  };
  const { call } = dispatchOf([here], { owner });
  assert.deepEqual((await call('Toy_one.Change', '{"Thing":"a"}')).said, { Said: 'a' });
  assert.deepEqual((await call('Toy_one.Look', '{"Thing":"b"}')).said, { Said: 'b' });
  assert.deepEqual([here.done, there.done], [['Look b'], ['Change a']]);
  const { headers, said } = await call('Toy_one.Change', '{"Thing":"ax"}');
  assert.equal((said as { __type: string }).__type, 'AccessDeniedException');
  assert.equal(headers['x-amzn-RequestId'], calls[1]!.requestId);
});

test('an owner that fails is answered as a failure of the service', async () => {
  const owner: Owner = { call: () => Promise.reject(new Error('gone')), page: () => assert.fail() };
  const { status, said } = await dispatchOf([one()], { owner }).call('Toy_one.Change', '{"Thing":"a"}');
  assert.deepEqual([status, said], [500, { __type: 'InternalFailure' }]);
});

test('a page is answered where it runs', async () => {
  const body = (text: string) => Promise.resolve({ status: 200, headers: {}, body: text });
  const pages = {
    '/near': { runs: 'here', answer: () => body('here') },
    '/far': { runs: 'owner', answer: () => body('wrong') },
  } as const;
  const owner: Owner = { call: () => assert.fail(), page: (path) => body(`the owner's ${path}`) };
  const { handle } = dispatchOf([one()], { pages, owner });
  const answers = await Promise.all(
    ['/near', '/far'].map((target) =>
      handle({ method: 'GET', target, rawHeaders: [], body: Buffer.alloc(0), peer }),
    ),
  );
  assert.deepEqual(
    answers.map((answer) => answer.body),
    ['here', "the owner's /far"],
  );
});

test('an operation that AWS has and this service does not serve is told so by name', async () => {
  const { said } = await dispatchOf([one()]).call('Toy_one.Dream', '{}');
  assert.deepEqual(said, { __type: 'UnknownOperationException', message: 'Dream is not served yet.' });
});

const refuse = () => {
  throw new ServiceError('InvalidSignatureException', 'wrong');
};

test('the log says where a refused request came from', async () => {
  const { call, logged } = dispatchOf([one()], {}, refuse);
  await call('Toy_one.Look', '{}');
  const reason = { operation: 'Look', type: 'InvalidSignatureException', reason: 'wrong' };
  assert.deepEqual(logged, [{ ...reason, accessKeyId: undefined, peer }]);
});

test('of an unsigned body up to 64 KiB are walked through, for the error that AWS names first', async () => {
  const { call } = dispatchOf([one()], {}, refuse);
  const typeOf = async (body: string) =>
    ((await call('Toy_one.Look', body)).said as { __type: string }).__type;
  const open = '{"Thing":"';
  assert.equal(await typeOf(open.padEnd(64 * 1024, 'x')), 'SerializationException');
  assert.equal(await typeOf(open.padEnd(64 * 1024 + 1, 'x')), 'InvalidSignatureException');
});
