import { ViewError } from '../../../views/view-error.ts';
import { HogError } from '../../../views/viewer/viewer.ts';
import { invalidArgument, limitExceeded } from '../errors.ts';

/** What is said of a view that fails; any other error is what it was. */
export function viewFailure(error: unknown): unknown {
  if (error instanceof HogError) return limitExceeded(`The view was ended: ${error.message}.`);
  if (!(error instanceof ViewError)) return error;
  const where = error.position === undefined ? '' : ` (at character ${error.position + 1})`;
  return invalidArgument(`${error.message}${where}`);
}
