import { ServiceError } from '../../../wire/service-error.ts';

/** The function did not hear of the invocation: another instance may run it. */
export class NotEnteredError extends Error {
  override readonly name = 'NotEnteredError';

  constructor() {
    super('the instance ended before it took the invocation');
  }
}

/** The server ended what ran the function: it is no fault of the function, and it may be called again. */
export function stoppedError(): ServiceError {
  return new ServiceError('ServiceException', 'The function was stopped before it had answered.', 500);
}

/** The function's URL did not answer: whether it was entered is not known. */
export function unreachableError(url: string, why: string): ServiceError {
  return new ServiceError('ServiceException', `The function at ${url} could not be reached: ${why}`, 500);
}
