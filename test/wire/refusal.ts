import assert from 'node:assert/strict';
import { ServiceError } from '../../src/wire/service-error.ts';

/** The error that a call is refused with. */
export function refusal(call: () => unknown): ServiceError {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    return error;
  }
  assert.fail('it was not refused');
}

/** Checks that a call is refused as AWS refuses a body that is not well-formed: without saying why. */
export function bare(call: () => unknown, which = String(call)): void {
  const { type, message } = refusal(call);
  assert.deepEqual({ type, message }, { type: 'SerializationException', message: '' }, which);
}
