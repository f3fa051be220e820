import { invalid } from '../errors.ts';
import { requireOneForm } from '../legacy/mixed-forms.ts';

/** The parameters of a request that have two forms: names in the order in which AWS's texts have them. */
type Forms = { readonly expressions: readonly string[]; readonly legacy: readonly string[] };

/** Refuses parameters of both forms at once, and substitutions for expressions that are not there. */
export function requireForm(request: object, { expressions, legacy }: Forms): void {
  const isThere = (name: string) => Reflect.get(request, name) !== undefined;
  const hasExpressions = expressions.some(isThere);
  if (hasExpressions && legacy.some(isThere)) {
    requireOneForm(partsOf(request, expressions), partsOf(request, legacy));
  }
  if (isThere('ExpressionAttributeNames') && !hasExpressions) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  }
  if (!isThere('ExpressionAttributeValues')) return;
  const valued = expressions.filter((name) => name !== 'ProjectionExpression');
  if (valued.some(isThere)) return;
  throw invalid(
    'ExpressionAttributeValues can only be specified when using expressions: ' +
      `${valued.join(' and ')} ${valued.length > 1 ? 'are' : 'is'} null`,
  );
}

function partsOf(request: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, Reflect.get(request, name)]));
}
