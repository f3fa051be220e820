import { invalid } from '../errors.ts';
import type { ReturnValues } from './written-view.ts';

/** Of an item that is replaced or deleted, there is nothing new to answer. */
export function requireOldValues({ ReturnValues: asked }: { readonly ReturnValues?: ReturnValues }): void {
  if (asked === undefined || asked === 'NONE' || asked === 'ALL_OLD') return;
  throw invalid('ReturnValues can only be ALL_OLD or NONE');
}
