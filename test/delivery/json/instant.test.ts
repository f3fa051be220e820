import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { daysOf, instantAt } from '../../../src/delivery/json/instant.ts';
import { openTimestampPattern } from '../../../src/delivery/json/timestamp-pattern.ts';
import { SchemaError } from '../../../src/delivery/schema/schema-error.ts';

const instantOf = (text: string) => {
  const bytes = Buffer.from(text);
  return instantAt(bytes, 0, bytes.length);
};

test('days and moments are those of Date, in all years of four digits', () => {
  const date = fc.date({
    min: new Date('0001-01-01'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (at) => {
      const seconds = Math.floor(at.getTime() / 1000);
      assert.equal(
        daysOf(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()),
        Math.floor(seconds / 86_400),
      );
      const instant = { seconds, micros: at.getUTCMilliseconds() * 1000 };
      assert.deepEqual(instantOf(at.toISOString()), instant);
      assert.deepEqual(instantOf(at.toISOString().replace('T', ' ').replace('Z', '-00:30')), {
        ...instant,
        seconds: seconds + 1800,
      });
    }),
  );
});

test('what is no moment is none', () => {
  const texts = [
    '2026-02-29 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-01',
    '2026-01-01 24:00:00',
    '2026-01-01 00:00',
    '2026-01-01 00:00:00.',
    '2026-01-01 00:00:00.0123456789',
    '2026-01-01 00:00:00+19:00',
    '2026-01-01 00:00:00Zx',
    'x',
  ];
  assert.deepEqual(
    texts.map(instantOf),
    texts.map(() => undefined),
  );
});

const patterns: readonly (readonly [pattern: string, text: string, moment: string])[] = [
  ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", '2026-03-04T05:06:07.089+0100', '2026-03-04T04:06:07.089Z'],
  ['dd/MMM/yyyy:HH:mm:ss Z', '10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36.000Z'],
  ["EEE, d MMMM yyyy h:mm a 'o''clock'", "Wed, 4 March 2026 12:06 AM o'clock", '2026-03-04T00:06:00.000Z'],
  ['yyyyMMddHHmmss', '20260304050607', '2026-03-04T05:06:07.000Z'],
  ['M/d/yy', '3/4/99', '1999-03-04T00:00:00.000Z'],
  ['yyyy-DDD', '2024-366', '2024-12-31T00:00:00.000Z'],
];

test('a pattern of Joda-Time reads its text, and no other', () => {
  for (const [pattern, text, moment] of patterns) {
    const read = openTimestampPattern(pattern);
    const instant = read(text);
    assert.equal(new Date(instant!.seconds * 1000 + instant!.micros / 1000).toISOString(), moment, pattern);
    assert.equal(read(`${text} `), undefined);
    assert.equal(read(text.slice(1)), undefined);
  }
});

test('a pattern that says no moments is refused in one line', () => {
  for (const pattern of ['xxxx-ww', 'G', 'yyyy'.repeat(1) + 'Md'.repeat(20)]) {
    assert.throws(() => openTimestampPattern(pattern), SchemaError);
  }
});
