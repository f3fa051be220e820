import type { Caller } from '../../../access/caller.ts';
import { parseArn } from '../../../kinesis/arn.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidValue, notFound } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';

/** Whose functions a caller names. */
type Whose = Pick<Caller, 'account' | 'region'>;

/**
 * The function that a request names: `name`, `name:qualifier`, `function:name`, `ACCOUNT:function:name` or
 * its ARN. A qualifier may stand in the name or beside it, not two different ones.
 */
export function functionNamed(text: string, caller: Whose, qualifier?: string | undefined): FunctionTarget {
  const named = partsOf(text, caller);
  if (named === undefined) throw failed(text, `Member must satisfy regular expression pattern: ${pattern}`);
  if (named.name.length > 64) throw tooLong(text);
  if (named.region !== caller.region) {
    throw notFound(`Functions from '${named.region}' are not reachable in this region ('${caller.region}')`);
  }
  if (qualifier === undefined || named.qualifier === undefined || qualifier === named.qualifier) {
    return { ...named, qualifier: qualifier ?? named.qualifier };
  }
  throw invalidValue('The derived qualifier from the function name does not match the specified qualifier.');
}

/** The same for what is of the function as a whole: a qualifier in its name does not count. */
export function wholeFunctionNamed(text: string, caller: Whose): FunctionTarget {
  return { ...functionNamed(text, caller), qualifier: undefined };
}

/** Undefined for what is no name of a function. */
function partsOf(text: string, { account, region }: Whose): FunctionTarget | undefined {
  if (text.startsWith('arn:')) {
    const arn = parseArn(text);
    const named = arn?.service === 'lambda' ? resourceForm.exec(arn.resource)?.groups : undefined;
    return named && { account: arn!.account, region: arn!.region, name: named['name']!, ...qualified(named) };
  }
  const named = partialForm.exec(text)?.groups;
  if (named === undefined) return undefined;
  const owner = { account: named['account'] ?? account, region: named['region'] ?? region };
  return { ...owner, name: named['name']!, ...qualified(named) };
}

function qualified(groups: Readonly<Record<string, string | undefined>>): Pick<FunctionTarget, 'qualifier'> {
  return { qualifier: groups['qualifier'] };
}

const nameForm = '(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9-_]+))?';
const regionForm = '(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\\d';
const resourceForm = new RegExp(`^function:${nameForm}$`);
const partialForm = new RegExp(
  `^(?:(?<region>${regionForm}):)?(?:(?<account>\\d{12}):)?(?:function:)?${nameForm}$`,
);

/** As AWS's model has it. */
const pattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?' +
  '(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';

function failed(text: string, constraint: string): ServiceError {
  return new ServiceError('ValidationException', failedText(text, constraint));
}

/** AWS checks the length of a name later than its form, and says so by another error. */
function tooLong(text: string): ServiceError {
  return invalidValue(failedText(text, 'Member must have length less than or equal to 64'));
}

function failedText(text: string, constraint: string): string {
  return (
    `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: ` +
    constraint
  );
}
