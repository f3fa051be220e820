import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import jq from 'jq-wasm';
import { compileJq } from '../../../src/delivery/jq/compile-jq.ts';
import { JqError } from '../../../src/delivery/jq/jq-error.ts';
import { type JqValue, jsonOf } from '../../../src/delivery/jq/jq-value.ts';
import { documents, programs } from './some-jq.ts';

// Calls of jq are few: it is slow to start, and one process of it does not take many hundreds of them.
test('a query answers what jq answers, and fails where jq fails', { timeout: 600_000 }, async () => {
  const somePrograms = fc.array(programs, { minLength: 15, maxLength: 15 });
  const someDocuments = fc.array(documents, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(somePrograms, someDocuments, async (all, inputs) => {
      const tried = all.map((program) => `(null as $v | try [[${program}]] catch "failed")`);
      const asked = `[.[] | [${tried.join(', ')}]]`;
      const expected = JSON.parse(await jq.raw(JSON.stringify(inputs), asked, ['-c'])) as JqValue[][];
      for (const [at, input] of (inputs as JqValue[]).entries()) {
        for (const [which, program] of tried.entries()) {
          assert.deepEqual(JSON.parse(jsonOf(answersTo(program, input)[0]!)), expected[at]![which], program);
        }
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test('what surprises in jq is as it is in jq', async () => {
  const asked = [
    'try (error("x") // 1) catch "caught"',
    'try (.text.b?) catch "caught"',
    '[.a.b?, .a[]?]',
    '["\\(1,2)-\\(3,4)"]',
    '[1, 2 as $x | $x + 1]',
    '[-1 as $x | $x]',
    '[(1,2) + (10,20)]',
    '[{a: (1,2), b: (3,4)}]',
    '[last(empty), (null | has("a"))]',
    '[.[] | numbers] | [min_by(. % 2), max_by(. % 2)]',
    '[try (1, error("x"), 3) catch .]',
    '{(.text, "b"): (1, 2)}',
    '[-5 % 3, 5 % -3, 5.9 % 2.9]',
    '.list[1:][0], .list[:-1], .text[1:3]',
    '[(.list, .list)[(0, 1)]]',
  ];
  const input = { text: 'été!', a: { b: null }, list: [1, 2, 3], n: 4, m: 2, o: 7 };
  const together = `[${asked.map((query) => `[${query}]`).join(', ')}]`;
  const expected: unknown = JSON.parse(await jq.raw(JSON.stringify(input), together, ['-c']));
  assert.deepEqual(
    asked.map((query) => answersTo(`[${query}]`, input)[0]),
    expected,
  );
});

test('queries that Firehose documents, and those that people write, answer their keys', () => {
  const event = {
    type: { device: 'mobile', event: 'user_clicked_submit_button' },
    customer_id: '1234567890',
    event_timestamp: 1_565_382_027,
    region: 'sample_region',
    time: '2024-05-06T07:08:09Z',
    logGroup: '',
  };
  const asked = `{customer_id: .customer_id, device: .type.device,
    year: .event_timestamp| strftime("%Y"), hour: .event_timestamp| strftime("%H"),
    day: (.time[8:10]), moment: (.time | fromdate | todate), group: (if .logGroup == "" then "none" else .logGroup end),
    region: (.region // "nowhere" | ascii_upcase | split("_")[0]), "other": (.other // .type["event"] | ltrimstr("user_")) }`;
  assert.deepEqual(answersTo(asked, event), [
    {
      customer_id: '1234567890',
      device: 'mobile',
      year: '2019',
      hour: '20',
      day: '06',
      moment: '2024-05-06T07:08:09Z',
      group: 'none',
      region: 'SAMPLE',
      other: 'clicked_submit_button',
    },
  ]);
});

test('what is not done is refused by its name when a query is compiled, and so is what is none', () => {
  const refusals: readonly (readonly [query: string, message: RegExp])[] = [
    ['.a |= 1', /^\|= is not supported/],
    ['.a = 1', /^= is not supported/],
    ['def f: 1; f', /^def is not supported/],
    ['foreach .[] as $x (0; 1)', /^foreach is not supported/],
    ['{a: now}', /^now\/0 is not supported/],
    ['.a | test("x")', /^test\/1 is not supported/],
    ['input', /^input\/0 is not supported/],
    ['range(10)', /^range\/1 is not supported/],
    ['. as [$a] | $a', /only `as \$name`/],
    ['$ENV.HOME', /\$ENV is not defined/],
    ['@sh', /^@sh is not supported/],
    ['if . then 1 end', /unexpected end/],
    ['{a: .b // 1}', /unexpected \/\//],
    ['{a', /ends too early/],
    ['"a', /does not end/],
    ['.a.b)', /unexpected \)/],
    ['', /ends too early/],
    ['a\u0000b', /unexpected/],
  ];
  for (const [query, message] of refusals) {
    assert.throws(() => compileJq(query), { name: 'JqError', message }, query);
  }
});

test('a query that multiplies its answers, or makes a text ever longer, ends with an error', () => {
  const many = Array.from({ length: 100 }, (_, index) => index);
  for (const query of [
    '[.[] as $a | .[] as $b | .[] as $c | $a]',
    '[.[] + .[] + .[] + .[]]',
    'try [.[],.[] | [.,.,.,.] | .[] | [.,.,.,.,.,.] | .[] | [., ., ., ., ., ., ., ., ., ., .] | .[] | [.,.] | .[]] catch 1',
    'reduce .[] as $x ("xx"; . + .)',
    'first(.[] | "\\(.[]?)" | select(false)), reduce .[] as $x ([1]; . + .)',
  ]) {
    assert.throws(() => answersTo(query, many), JqError, query);
  }
  let deep: JqValue = 1;
  for (let depth = 0; depth < 1000; depth++) deep = [deep];
  assert.equal(answersTo('[..] | length', deep)[0], 1001);
});

test('keys that every object has in JavaScript are keys like any other', () => {
  const input = JSON.parse('{"__proto__": {"a": 1}, "constructor": "c"}') as JqValue;
  assert.deepEqual(answersTo('[.["__proto__"].a, .constructor, .toString, has("valueOf")]', input), [
    [1, 'c', null, false],
  ]);
  assert.equal(jsonOf(answersTo('{__proto__: .constructor} + {a: 1}', input)[0]!), '{"__proto__":"c","a":1}');
  for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
    assert.throws(() => compileJq(name), { message: `${name}/0 is not supported in a query` });
    assert.throws(() => compileJq(`${name}(1)`), { message: `${name}/1 is not supported in a query` });
  }
});

function answersTo(program: string, input: JqValue): JqValue[] {
  return [...compileJq(program)(input)];
}

test('a query over a large record ends soon, whatever it asks for', () => {
  const numbers = Array.from({ length: 4_000 }, (_, nth) => nth);
  const record = { a: numbers, s: 'x'.repeat(100_000), o: numbers.map((nth) => ({ [`k${nth}`]: nth })) };
  const endless = [
    '.a - .a',
    '.a | contains(.)',
    '. as $d | reduce .a[] as $i (0; . + ($d | tojson | length))',
  ];
  for (const query of endless)
    assert.throws(() => [...compileJq(query)(record)], { message: /more than 100000 steps/ }, query);
  const usual = ['.o | add | length', '[.a[] | select(. > 5)] | length', '.s | ascii_upcase | length'];
  assert.deepEqual(
    usual.map((query) => [...compileJq(query)(record)]),
    [[4_000], [3_994], [100_000]],
  );
});
