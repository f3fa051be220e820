import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BodyBudget,
  bodyBytesMax,
  budgetBytes,
  codeBodyBytesMax,
  IncomingBody,
  isBodyTooLarge,
} from '../../src/http/body.ts';

const toAll = { recognize: () => true };
const toNobody = { recognize: () => false };

function headOf(line: string) {
  const [method = '', target = ''] = line.split(' ');
  return { method, target, rawHeaders: [] };
}

test('the code of a function may be larger than other bodies, if its sender is known', () => {
  const code = [
    'POST /2015-03-31/functions',
    'POST /2015-03-31/functions/',
    'PUT /2015-03-31/functions/f/code',
  ];
  for (const head of code.map(headOf)) {
    assert.equal(isBodyTooLarge(head, codeBodyBytesMax, toAll), false, head.target);
    assert.equal(isBodyTooLarge(head, codeBodyBytesMax + 1, toAll), true, head.target);
    assert.equal(isBodyTooLarge(head, bodyBytesMax + 1, toNobody), true, head.target);
    assert.equal(isBodyTooLarge(head, bodyBytesMax, toNobody), false, head.target);
  }
  const others = ['POST /', 'PUT /2015-03-31/functions', 'POST /2015-03-31/functions/f/invocations'];
  for (const line of others) assert.equal(isBodyTooLarge(headOf(line), bodyBytesMax + 1, toAll), true, line);
});

test('so may a body without a length, as it comes', () => {
  const piece = Buffer.alloc(bodyBytesMax);
  const received = (line: string, source: typeof toAll, pieces: number) => {
    const budget = new BodyBudget(new Int32Array([budgetBytes]));
    const body = new IncomingBody({ budget, ...source }, headOf(line), undefined);
    const refusals = Array.from({ length: pieces }, () => body.add(piece));
    body.release();
    return refusals;
  };
  assert.deepEqual(received('POST /2015-03-31/functions', toAll, 2), [undefined, undefined]);
  assert.deepEqual(received('POST /2015-03-31/functions', toNobody, 2), [undefined, 'too large']);
  assert.deepEqual(received('POST /', toAll, 2), [undefined, 'too large']);
  assert.equal(received('POST /2015-03-31/functions', toAll, 5).at(-1), 'too large');
});
