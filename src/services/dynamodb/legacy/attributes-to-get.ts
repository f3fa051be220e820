import type { Projection } from '../expressions/projection.ts';

/** Throws a ValidationException where a name comes twice. */
export function projectionOfNames(names: readonly string[]): Projection {
  throw new Error(`soon: ${names}`);
}
