import type { ServiceError } from '../../../wire/service-error.ts';
import { deleteConflict } from '../errors.ts';

/** DeleteConflict for something that others still belong to: `must detach all policies first`. */
export function mustFirst(what: string): ServiceError {
  return deleteConflict(`Cannot delete entity, must ${what} first.`);
}
