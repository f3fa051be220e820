import { requireOneForm } from '../legacy/mixed-forms.ts';

/** The parameters of a request that have two forms: names in the order in which AWS's texts have them. */
type Forms = { readonly expressions: readonly string[]; readonly legacy: readonly string[] };

/** Refuses parameters of both forms at once, and substitutions for expressions that are not there. */
export function requireForm(request: object, { expressions, legacy }: Forms): void {
  const isGiven = (name: string) => Reflect.get(request, name) !== undefined;
  // Most requests have one of the forms, and are right: for these no texts are made.
  if (!legacy.some(isGiven) && expressions.some((name) => name !== 'ProjectionExpression' && isGiven(name)))
    return;
  if (!substitutions.some(isGiven) && !expressions.some(isGiven)) return;
  requireOneForm(partsOf(request, expressions), partsOf(request, legacy), {
    names: Reflect.get(request, 'ExpressionAttributeNames'),
    values: Reflect.get(request, 'ExpressionAttributeValues'),
  });
}

const substitutions = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];

function partsOf(request: object, names: readonly string[]): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const name of names) parts[name] = Reflect.get(request, name);
  return parts;
}
