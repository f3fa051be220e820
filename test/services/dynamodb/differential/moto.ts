import { rendered } from './program.ts';
import type { Step } from './steps.ts';

/**
 * What moto 5 answers otherwise than DynamoDB Local does, which is AWS's own program, and so is not asked.
 * Patterns are of the request as JSON.
 */
const notAsked: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /NOT NOT|NOT \(/, why: 'it does not parse NOT before anything but a function or a comparison' },
  { pattern: /#\w+\[/, why: 'it takes a name before an index for unused' },
  {
    pattern:
      /"(Condition|Filter)Expression":"[^"]*(?:[=<>]\s*|\b(?:IN \(|BETWEEN )(?::v\d+, )?)(?:[a-h#]|size)/,
    why: 'two attributes that are missing are equal to it, and in a list that names the other',
  },
  { pattern: /BETWEEN :v\d+ AND [a-h#]|IN \([^)]*[a-h#]/, why: 'the same' },
  {
    pattern: /"(Expected|AttributeUpdates)"/,
    why: 'it compares sets and missing attributes in ways of its own (docs/clients.md: KCL 1)',
  },
  {
    pattern: /"UpdateExpression":"[^"]*(ADD|DELETE)/,
    why: 'it refuses a wrong value when it has changed the item already',
  },
  { pattern: /"UpdateExpression":"[^"]*SET#/, why: 'it wants a space there' },
  { pattern: /\bsize\(/, why: 'it refuses the size of an attribute that is missing' },
  {
    pattern: /"(Condition|Filter)Expression".*"NULL":true|"NULL":true.*"(Condition|Filter)Expression"/,
    why: 'an attribute that is missing is equal to NULL for it',
  },
  { pattern: /UPDATED_NEW/, why: 'of an item that an update makes it tells the key as well' },
  {
    pattern: /"TransactItems".*"Get".*"ProjectionExpression"/,
    why: 'it tells the key even if it is not asked for',
  },
];

export function isAskedOfMoto({ input }: Step): boolean {
  const text = JSON.stringify(rendered(input));
  return !notAsked.some(({ pattern }) => pattern.test(text));
}
