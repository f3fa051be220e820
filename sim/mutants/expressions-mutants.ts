import type { Mutant } from './mutant.ts';

const expressions = 'src/services/dynamodb/expressions';
const tests = 'test/services/dynamodb';

/** Bugs in DynamoDB's values and expressions. */
export const expressionsMutants: readonly Mutant[] = [
  {
    name: 'and-does-not-bind-more-tightly-than-or',
    sentence: 'A condition with OR before AND is read from left to right.',
    edits: [
      {
        file: `${expressions}/condition-parser.ts`,
        find: "const precedence = { '(': 0, OR: 1, AND: 2, NOT: 3 };",
        replace: "const precedence = { '(': 0, OR: 1, AND: 1, NOT: 3 };",
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/expressions/properties.test.ts`,
      test: 'a condition that is written down and read again is the same condition',
    },
  },
  {
    name: 'missing-attribute-is-not-unequal',
    sentence:
      'An attribute that is not there is not unequal to a value, so that a first lease is never taken.',
    edits: [
      {
        file: `${expressions}/condition.ts`,
        find: 'return left === undefined || right === undefined || !equal(left, right);',
        replace: 'return left !== undefined && right !== undefined && !equal(left, right);',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/expressions/recorded.test.ts`,
      test: "conditions hold, or are refused, as by DynamoDB's own code",
    },
  },
  {
    name: 'list-shifts-while-it-changes',
    sentence: 'What an update removes from a list moves the places of its other actions.',
    edits: [
      {
        file: `${expressions}/change.ts`,
        find: 'if (index < elements.length) places[index] = value;',
        replace:
          'if (index < elements.length && value === undefined) places.splice(index, 1);\n    else if (index < elements.length) places[index] = value;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/expressions/properties.test.ts`,
      test: 'in which order the actions of an update stand makes no difference: all see the item as it was',
    },
  },
  {
    name: 'large-counters-are-doubles',
    sentence: 'Numbers of 16 digits are added as doubles, so that a counter skips values.',
    edits: [
      {
        file: 'src/services/dynamodb/values/decimal.ts',
        find: 'const exactLengthMax = 15;',
        replace: 'const exactLengthMax = 17;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/expressions/update.test.ts`,
      test: "a counter's sum is exact where a double's would not be",
    },
  },
  {
    name: 'negative-keys-are-not-ended',
    sentence: 'Of two negative range keys that begin alike the longer one comes last.',
    edits: [
      {
        file: 'src/services/dynamodb/values/key-bytes.ts',
        find: 'bytes[2 + pairs] = 255;',
        replace: 'bytes[2 + pairs] = 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: `${tests}/values/key-bytes.test.ts`,
      test: 'neighbours among numbers keep their order as bytes',
    },
  },
];
