import { ownOf } from '../own-of.ts';
import { JqError } from './jq-error.ts';
import { type JqValue, jsonOf, textOf } from './jq-value.ts';

/** What `@name` makes of a value. `JqError`, by its name, for one that is not done. */
export function formatOf(name: string): (value: JqValue) => string {
  const format = ownOf(formats, name);
  if (format === undefined) throw new JqError(`${name} is not supported in a query`);
  return format;
}

const formats: Readonly<Record<string, (value: JqValue) => string>> = {
  '@text': textOf,
  '@json': jsonOf,
  '@base64': (value) => Buffer.from(textOf(value)).toString('base64'),
  '@base64d': (value) => Buffer.from(textOf(value), 'base64').toString(),
  // What jq 1.6 leaves as it is, is what this function leaves as it is.
  '@uri': (value) => encodeURIComponent(textOf(value).toWellFormed()),
};
