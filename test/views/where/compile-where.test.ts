import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ViewError } from '../../../src/views/view-error.ts';
import { compileWhere } from '../../../src/views/where/compile-where.ts';
import { jsonRecord } from '../records.ts';

const order = jsonRecord(
  {
    state: 'open',
    total: 40,
    rate: 0.5,
    items: [
      { sku: 'a', count: 2 },
      { sku: 'b', count: 7 },
    ],
  },
  { partitionKey: 'customer-7', arrival: Date.UTC(2026, 5, 1, 12), shardId: 'shardId-000000000003' },
);

function matching(text: string, record = order): boolean {
  return compileWhere(text).matches(record);
}

test('an expression speaks of key, time, body, text, size, shard, sequence and forms', () => {
  const all = [
    'key == "customer-7"',
    'time > timestamp("2026-06-01T00:00:00Z") && time.getFullYear() == 2026',
    'body.state == "open" && body.items[1].sku == "b"',
    'text.contains("sku")',
    'size > 50 && size < 200',
    'shard.endsWith("3")',
    'sequence.startsWith("49")',
    '"json" in forms',
  ];
  for (const text of all) assert.equal(matching(text), true, text);
});

test('whole numbers and fractions of JSON compute with each other, and with those of the expression', () => {
  const all = [
    'body.total + 1 == 41',
    'body.total * body.rate == 20',
    'body.total / 16 == 2.5',
    'body.total % 3 == 1',
    'body.items.exists(item, item.count - 1 > 5)',
    '1 - body.rate == 0.5',
  ];
  for (const text of all) assert.equal(matching(text), true, text);
});

test('a record for which an expression fails does not match', () => {
  const all = [
    'body.nothing == 1',
    'body.state > 5',
    'body.items[9].sku == "a"',
    'body.state',
    'key.matches("(")',
    'body.total / 0 == 1',
  ];
  for (const text of all) assert.equal(matching(text), false, text);
  assert.equal(matching('!has(body.nothing) && body.?nothing.orValue(3) == 3'), true);
});

test('what is wrong with an expression is told with its place, and with the name that was meant', () => {
  const wrong: readonly (readonly [string, number | undefined, RegExp])[] = [
    ['bdoy.total > 3', 0, /^there is no bdoy \(did you mean body\?\); there are key, time, body, text/],
    ['key == "a" && kee == "b"', 14, /^there is no kee \(did you mean key\?\)/],
    ['body.total >', 12, /^the expression ends too early$/],
    ['key == 5', 0, /^there is no string == int$/],
    ['key.startWith("a")', 0, /^there is no method startWith \(did you mean startsWith\?\)$/],
    ['sise(body) > 1', 0, /^there is no function sise \(did you mean size\?\)$/],
    ['time > 5', 0, /^there is no timestamp > int$/],
    ['size + 1', 0, /^the expression is int, where it has to be true or false$/],
    [`${'key == "a" || '.repeat(1000)}true`, undefined, /^the expression is longer than 10000 characters$/],
  ];
  for (const [text, position, message] of wrong) {
    assert.throws(
      () => compileWhere(text),
      (error) => {
        assert.ok(error instanceof ViewError, text);
        assert.match(error.message, message);
        assert.equal(error.position, position, text);
        return true;
      },
    );
  }
});

test('loops in loops over a large record, and lists that double, are not begun: it does not match', () => {
  const large = jsonRecord({ items: Array.from({ length: 20_000 }, (_, index) => index) });
  assert.equal(matching('body.items.exists(a, a == 19999)', large), true);
  assert.equal(matching('body.items.all(a, body.items.all(b, a + b > -1))', large), false);
  const doubling = `[[1]]${'.map(x, x + x)'.repeat(30)}.size() == 1`;
  assert.equal(matching(doubling), false);
});

test('an expression that is deeper than the stack is refused, as one that is none', () => {
  assert.throws(() => compileWhere(`${'!'.repeat(9_999)}x`), /too deep|no x/);
});
