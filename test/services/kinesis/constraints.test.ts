import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../../src/services/kinesis/operations.ts';
import { type Answer, Harness } from './harness.ts';
import { type Misfit, misfitsOf } from './misfit.ts';
import { sampleInput, sampleValue } from './sample-input.ts';

for (const { name, input } of operations.values()) {
  const misfits = misfitsOf(input).filter(({ path }) => path !== '');
  if (misfits.length === 0) continue;

  test(`${name} says in AWS's words what is wrong with a request, and changes nothing`, async () => {
    await using server = await Harness.start({ limits: 'none' });
    await server.createStream('present');
    const before = await stateOf(server);
    for (const misfit of misfits) {
      const { status, body } = await server.answer(name, misfit.value as object);
      assert.equal(status, 400, misfit.what);
      checkError(misfit, body as Record<string, string>);
    }
    assert.deepEqual(await stateOf(server), before);
  });
}

for (const { name, input } of operations.values()) {
  test(`${name} takes null for absent, and does not mind what it does not know`, async () => {
    const optional = input.names.filter((member) => input.members[member]!.required === undefined);
    const nulls = Object.fromEntries(optional.map((member) => [member, null]));
    const plain = sampleInput(input);
    const cluttered = { ...plain, ...nulls, Unknown: [{ a: 5 }], unknown: null };
    assert.deepEqual(await answerAlone(name, cluttered), await answerAlone(name, plain));
  });
}

test('a request with every member of every operation fits', async () => {
  for (const { name, input } of operations.values()) {
    const members = Object.entries(input.members).map(([member, shape]) => [member, sampleValue(shape)]);
    const { body } = await answerAlone(name, Object.fromEntries(members));
    const { __type, message } = (body ?? {}) as Record<string, string>;
    assert.ok(
      __type !== 'SerializationException' && !message?.includes('validation error'),
      `${name}: ${message}`,
    );
  }
});

/** The first answer of a server; the same each time. */
async function answerAlone(operation: string, input: object): Promise<Answer> {
  await using server = await Harness.start({ limits: 'none' });
  return await server.answer(operation, input);
}

async function stateOf(server: Harness): Promise<unknown[]> {
  const named = { StreamName: 'present' };
  return [
    await server.call('ListStreams'),
    await server.call('DescribeStream', named),
    await server.call('DescribeStreamSummary', named),
    await server.call('ListTagsForStream', named),
    await server.call('DescribeLimits'),
    await server.call('DescribeAccountSettings'),
  ];
}

function checkError({ what, path, broken }: Misfit, body: Readonly<Record<string, string>>): void {
  if (typeof broken === 'string') {
    assert.deepEqual(body, { __type: 'SerializationException', Message: broken }, what);
    return;
  }
  assert.equal(body['__type'], 'ValidationException', what);
  const [, count, items] = /^(\d+) validation errors? detected: (.*)$/s.exec(body['message']!)!;
  assert.equal(Number(count), broken.length, what);
  const said = items!.split('; ').map((item) => {
    const [, at, constraint] = /^Value .* at '([^']+)' failed to satisfy constraint: (.*)$/s.exec(item)!;
    assert.equal(at, path, what);
    return constraint;
  });
  assert.deepEqual(said.sort(), broken.toSorted(), what);
}
