import type { Action, Update } from '../expressions/update.ts';
import { type AttributeValue, type LooseValue, typeNames, typeOf } from '../values/attribute-value.ts';
import { checkedName, checkedValue } from '../values/checked-value.ts';
import { invalidParameter, validationError } from '../values/validation-error.ts';
import { isSet } from '../values/value-set.ts';

/** A member of AttributeUpdates, as the wire has it. PUT is what is done where no action is said. */
export type AttributeUpdate = {
  readonly Action?: string | undefined;
  readonly Value?: LooseValue | undefined;
};

/** Throws a ValidationException with AWS's text. */
export function updateOfLegacy(updates: Readonly<Record<string, AttributeUpdate>>): Update {
  const actions = Object.keys(updates).map((name) => actionOf(checkedName(name), updates[name]!));
  return { actions, wrongType: 'Type mismatch for attribute to update' };
}

function actionOf(name: string, { Action: action = 'PUT', Value: loose }: AttributeUpdate): Action {
  const path = [name] as const;
  if (loose === undefined) {
    if (action === 'DELETE') return { kind: 'remove', path };
    throw invalidParameter('Only DELETE action is allowed when no attribute value is specified');
  }
  const value = checkedValue(loose);
  switch (action) {
    case 'PUT':
      return { kind: 'set', path, source: { kind: 'value', value } };
    case 'ADD':
      if (!isSet(value) && !('N' in value) && !('L' in value)) throw unsupported('ADD action', value);
      return { kind: 'add', path, value };
    case 'DELETE':
      if (!isSet(value)) throw unsupported('DELETE action with value', value);
      return { kind: 'delete', path, value };
    default:
      throw validationError('Member must satisfy enum value set: [ADD, DELETE, PUT]');
  }
}

function unsupported(action: string, value: AttributeValue): Error {
  return invalidParameter(`${action} is not supported for the type ${typeNames[typeOf(value)]}`);
}
