import { test } from 'node:test';
import { checkedValue } from '../../../../src/services/dynamodb/values/checked-value.ts';
import { canonicalNumber, differenceOf, sumOf } from '../../../../src/services/dynamodb/values/decimal.ts';
import { type JsonValue, looseValue, outcomeOf, recorded, requireSame } from '../recorded/recorded.ts';

test("values are kept, or are refused, as by DynamoDB's own code", () => {
  for (const [value, expected] of recorded<[JsonValue, unknown]>('values')) {
    requireSame(
      JSON.stringify(value),
      outcomeOf(() => checkedValue(looseValue(value))),
      expected,
    );
  }
});

test("sums and differences are those of DynamoDB's own code, of all 38 digits", () => {
  for (const [a, sign, b, expected] of recorded<[string, '+' | '-', string, string]>('sums')) {
    const apply = sign === '+' ? sumOf : differenceOf;
    requireSame(
      `${a} ${sign} ${b}`,
      outcomeOf(() => apply(canonicalNumber(a), canonicalNumber(b))),
      expected,
    );
  }
});
