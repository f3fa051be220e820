import { validationError } from '../values/validation-error.ts';

/** The parameters of a request by their names, in AWS's order. One whose value is undefined is not there. */
type Parameters = Readonly<Record<string, unknown>>;

/**
 * Throws AWS's ValidationException for a request that has parameters of both forms, or names and values
 * without an expression that could use them.
 */
export function requireOneForm(
  expressions: Parameters,
  legacy: Parameters,
  substitutions: { readonly names: unknown; readonly values: unknown } = {
    names: undefined,
    values: undefined,
  },
): void {
  const given = namesOf(expressions);
  const others = namesOf(legacy);
  if (given.length > 0 && others.length > 0) {
    throw validationError(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${others.join(', ')}} Expression parameters: {${given.join(', ')}}`,
    );
  }
  if (substitutions.names !== undefined && given.length === 0) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  }
  // A projection has no values.
  const withValues = Object.keys(expressions).filter((name) => name !== 'ProjectionExpression');
  if (substitutions.values !== undefined && withValues.every((name) => expressions[name] === undefined)) {
    const areNull = `${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`;
    throw validationError(
      `ExpressionAttributeValues can only be specified when using expressions: ${areNull}`,
    );
  }
}

function namesOf(parameters: Parameters): string[] {
  return Object.keys(parameters).filter((name) => parameters[name] !== undefined);
}
