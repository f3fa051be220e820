import type { Update } from '../expressions/update.ts';
import type { LooseValue } from '../values/attribute-value.ts';

/** A member of AttributeUpdates, as the wire has it. PUT is what is done where no action is said. */
export type AttributeUpdate = {
  readonly Action?: string | undefined;
  readonly Value?: LooseValue | undefined;
};

/** Throws a ValidationException with AWS's text. */
export function updateOfLegacy(updates: Readonly<Record<string, AttributeUpdate>>): Update {
  throw new Error(`soon: ${updates}`);
}
