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
  if (!nameForm.test(named.name)) throw malformed(text, named.name);
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

const nameForm = /^[a-zA-Z0-9-_]{1,64}$/;

function partsOf(text: string, { account, region }: Whose): FunctionTarget {
  const arn = parseArn(text);
  if (arn !== undefined && arn.service === 'lambda') {
    const [, name = '', qualifier] = arn.resource.split(':');
    return { account: arn.account, region: arn.region, name, qualifier };
  }
  const parts = text.split(':');
  if (parts[1] === 'function' && accountForm.test(parts[0]!)) {
    return { account: parts[0]!, region, name: parts[2] ?? '', qualifier: parts[3] };
  }
  const [name = '', qualifier] = parts[0] === 'function' ? parts.slice(1) : parts;
  return { account, region, name, qualifier };
}

const accountForm = /^\d{12}$/;

/** AWS checks the length of a name later than its form, and says so by another error. */
function malformed(text: string, name: string): ServiceError {
  const failed = `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint`;
  if (name.length > 64) return invalidValue(`${failed}: Member must have length less than or equal to 64`);
  return new ServiceError(
    'ValidationException',
    `${failed}: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+`,
  );
}
