/** Whether two values of JSON are alike. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isNested(left) || !isNested(right)) return false;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => isSame(left[name], right[name]));
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
