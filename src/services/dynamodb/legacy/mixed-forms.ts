/**
 * Throws AWS's ValidationException for a request that has parameters of both forms. The names are those of the
 * parameters, in AWS's order; those whose value is undefined are not there.
 */
export function requireOneForm(
  expressions: Readonly<Record<string, unknown>>,
  legacy: Readonly<Record<string, unknown>>,
): void {
  throw new Error(`soon: ${expressions} ${legacy}`);
}
