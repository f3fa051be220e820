import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pattern } from '../../src/wire/pattern.ts';

const texts = [
  '[a-zA-Z0-9_.-]+',
  '0|([1-9]\\d{0,38})',
  '^(0|([1-9]\\d{0,3}))$',
  'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+',
  '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
  '[a-z0-9]{2}-[a-z0-9]{3}',
  'arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}',
  "[0-9A-Za-z!\\-_'.*()\\/=:{}]+",
  '[^:*]*',
  'a?(?:b|cd)+e{2,}',
  '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)',
  '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
  '[\\w+=,.@-]+',
];
const pieces = [
  'arn',
  ':',
  'aws',
  ':kinesis:',
  '123456789012',
  'stream',
  '/',
  'consumer',
  's3:::',
  '0',
  '1',
  '-',
  'a',
  'b',
  'cd',
  'ee',
  '.',
  '\n',
  'é',
  '*',
  ' ',
];

for (const text of texts) {
  test(`${text} matches what a RegExp matches`, () => {
    const { matches, matchesIn } = pattern(text);
    // Java's dot takes the two line ends above ASCII no more than JavaScript's; the samples have none.
    const expression = new RegExp(`^(?:${text})$`);
    const likely = fc.stringMatching(expression, { maxLength: 80 });
    const other = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join(''));
    const edited = fc
      .tuple(likely, fc.nat(), fc.constantFrom(...pieces, ''))
      .map(
        ([value, at, piece]) =>
          value.slice(0, at % (value.length + 1)) + piece + value.slice((at % (value.length + 1)) + 1),
      );
    fc.assert(
      fc.property(fc.oneof(likely, other, edited), (value) => {
        if (/[\u2028\u2029\u0085]/.test(value)) return;
        assert.equal(matches(value), expression.test(value), JSON.stringify(value));
        const bytes = Buffer.from(`<${value}>`);
        if (bytes.length !== value.length + 2) return;
        assert.equal(matchesIn(bytes, 1, bytes.length - 1), matches(value), JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });
}

test('a value made to send a matcher back and forth takes one pass', () => {
  const { matches } = pattern('arn:aws.*:kinesis:.*:\\d{12}:.*stream/.*x.*y.*z');
  const evil = `arn:aws${':kinesis::123456789012:stream/xxyy'.repeat(20_000)}`;
  assert.equal(matches(evil), false);
  assert.equal(matches(`${evil}z`), true);
});

test('more sets of places than are remembered do no harm', () => {
  const text = '.*a.{12}';
  const { matches } = pattern(text);
  let value = '';
  for (let index = 0; index < 20_000; index++) value += (index * index * 7) % 11 < 5 ? 'a' : 'b';
  for (let length = 0; length < 200; length++) {
    const part = value.slice(length, length * 90);
    assert.equal(matches(part), part.at(-13) === 'a');
  }
});

test('a form that is not known is refused when the shape is made', () => {
  for (const text of ['a(?=b)', '\\bword', 'a)', '(a', '[a']) assert.throws(() => pattern(text), text);
});
