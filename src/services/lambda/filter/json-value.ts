/** A value in JSON that is no object and no array. A bigint is an integer that a number cannot hold. */
export type Scalar = string | number | bigint | boolean | null;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for what JSON has and is neither an object nor an array. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || (typeof value !== 'object' && value !== undefined);
}

/**
 * Whether something holds for a value, or for an element of it if it is an array, however deep in arrays
 * inside. An array without any is as good as no value. Not recursive: data may be nested as deep as they are
 * long.
 */
export function someElement(value: unknown, holds: (element: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return holds(value);
  const waiting: unknown[] = [value];
  let isEmpty = true;
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) for (const element of next) waiting.push(element);
    else if (holds(next)) return true;
    else isEmpty = false;
  }
  return isEmpty && holds(undefined);
}
