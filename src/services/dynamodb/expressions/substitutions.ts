import type { LooseItem } from '../values/attribute-value.ts';

/**
 * ExpressionAttributeNames and ExpressionAttributeValues of one request, shared by its expressions. The
 * constructor throws a ValidationException for keys and values that are malformed.
 */
export class Substitutions {
  constructor(names: Readonly<Record<string, string>> | undefined, values: LooseItem | undefined) {
    throw new Error(`soon: ${names} ${values}`);
  }

  /** Once all expressions were read. Throws a ValidationException that lists those that none of them uses. */
  requireAllUsed(): void {
    throw new Error('soon');
  }
}
