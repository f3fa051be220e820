import { strict as assert } from 'node:assert';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { restJson } from '../../wire/json/json.ts';
import type { Protocol } from '../../wire/protocol.ts';
import type { LambdaWorld } from './world.ts';

/** Lambda, as far as functions, their mappings to streams, and what clients ask about both. */
export function lambda(world: LambdaWorld): Service<LambdaWorld> {
  return lateService({ name: 'lambda', scopes: ['lambda'], protocols: [unread], world }, async () => {
    const { operations } = await import('./operations.ts');
    const { protocols } = await import('./protocols.ts');
    const { factsOfResource: factsOf } = await import('./parts/facts.ts');
    const { unserved } = await import('./unserved.ts');
    await world.open();
    return { operations, unserved, protocols, factsOf };
  });
}

/** How paths of Lambda's API begin, AWS's and ours: with the day of a version of it. */
const paths = /^\/(millrace\/)?20\d\d-\d\d-\d\d\//;

/**
 * What Lambda speaks, before it is loaded: a request that may be for it has it loaded, and is looked at again
 * then. Nothing else is asked of this, but to say that it could not be loaded.
 */
const unread: Protocol = {
  name: 'restJson1',
  codec: restJson,
  isSpokenIn: ({ target }) => paths.test(target),
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

function notLoaded(): never {
  assert.fail('Lambda is not loaded');
}
