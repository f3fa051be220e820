import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import '../../../property-seed.ts';
import {
  canonicalNumber,
  compareNumbers,
  differenceOf,
  sumOf,
} from '../../../../src/services/dynamodb/values/decimal.ts';

/** A number as a whole number of 1E-130s, which all of DynamoDB's are. */
const unit = 130;

function unitsOf(coefficient: bigint, exponent: number): bigint {
  return coefficient * 10n ** BigInt(exponent + unit);
}

const coefficients = fc.oneof(
  fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.constantFrom(10n ** 38n - 1n, 10n ** 37n, 0n),
);
const numbers = fc
  .tuple(coefficients, fc.oneof(fc.integer({ min: -130, max: 80 }), fc.integer({ min: -5, max: 5 })))
  .map(([coefficient, exponent]) => ({
    text: `${coefficient}e${exponent}`,
    units: unitsOf(coefficient, exponent),
  }));

/** Of a canonical text. */
function unitsOfText(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return unitsOf(BigInt(whole + fraction), -fraction.length);
}

test('a number of any spelling has one canonical text, which has no exponent and no needless zero', () => {
  fc.assert(
    fc.property(numbers, ({ text, units }) => {
      const canonical = canonicalNumber(text);
      assert.match(canonical, /^(0|-?(0|[1-9]\d*)\.\d*[1-9]|-?[1-9]\d*)$/);
      assert.equal(unitsOfText(canonical), units);
      assert.equal(canonicalNumber(canonical), canonical);
    }),
  );
});

test('numbers compare by value, whatever their lengths, signs and magnitudes', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const order = compareNumbers(canonicalNumber(a.text), canonicalNumber(b.text));
      assert.equal(Math.sign(order), a.units < b.units ? -1 : a.units > b.units ? 1 : 0);
    }),
  );
});

test('a sum or a difference is exact, or refused for the digits that it would need', () => {
  fc.assert(
    fc.property(numbers, numbers, fc.boolean(), (a, b, isSum) => {
      const units = isSum ? a.units + b.units : a.units - b.units;
      const digits = String(units).replace('-', '').replace(/0+$/, '').length;
      const apply = () => (isSum ? sumOf : differenceOf)(canonicalNumber(a.text), canonicalNumber(b.text));
      if (digits > 38) assert.throws(apply, { message: /more than 38 significant digits/ });
      else assert.equal(unitsOfText(apply()), units);
    }),
  );
});

test('the largest and the smallest numbers are those of the developer guide', () => {
  const largest = `9.${'9'.repeat(37)}E+125`;
  assert.equal(canonicalNumber(largest), '9'.repeat(38) + '0'.repeat(88));
  assert.equal(canonicalNumber('-1E-130'), `-0.${'0'.repeat(129)}1`);
  assert.throws(() => canonicalNumber('1E+126'), { message: /^Number overflow\. / });
  assert.throws(() => canonicalNumber('-9.9E-131'), { message: /^Number underflow\. / });
  assert.throws(() => sumOf(canonicalNumber('9E+125'), canonicalNumber('1E+125')), { message: /overflow/ });
});

test('a number that is none is shown, and its text is not copied whole', () => {
  assert.throws(() => canonicalNumber('abc'), {
    name: 'ValidationException',
    message: 'The parameter cannot be converted to a numeric value: abc',
  });
  assert.throws(
    () => canonicalNumber('x'.repeat(1_000_000)),
    (error: Error) => error.message.length < 200,
  );
});

test('a number of a million digits is read or refused at once, not by its square', () => {
  assert.equal(canonicalNumber(`${'0'.repeat(1_000_000)}1.${'0'.repeat(1_000_000)}`), '1');
  assert.throws(() => canonicalNumber('7'.repeat(1_000_000)), { name: 'ValidationException' });
  assert.throws(() => canonicalNumber(`1e-${'9'.repeat(1_000_000)}`), { name: 'ValidationException' });
});
