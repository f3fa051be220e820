import assert from 'node:assert/strict';
import { restJson } from '../wire/json/json.ts';
import type { Protocol } from '../wire/protocol.ts';

/**
 * What a late service speaks that has its operations in methods and paths, before it is loaded: a request
 * whose target fits has it loaded, and is looked at again then. Nothing else is asked of this, but to say
 * that it could not be loaded.
 */
export function unreadRest(targets: RegExp): Protocol {
  return {
    name: 'restJson1',
    codec: restJson,
    isSpokenIn: ({ target }) => targets.test(target),
    callOf: () => ({ operation: '' }),
    misformOf: notLoaded,
    decode: notLoaded,
    answer: notLoaded,
    written: notLoaded,
    refuse: ({ type, status, message }) => ({
      status,
      headers: { 'Content-Type': restJson.contentType, 'x-amzn-ErrorType': type },
      body: JSON.stringify({ message }),
    }),
  };
}

function notLoaded(): never {
  assert.fail('the service is not loaded');
}
