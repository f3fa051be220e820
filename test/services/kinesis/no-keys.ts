import assert from 'node:assert/strict';
import type { KeyService } from '../../../src/access/keys/key-service.ts';
import type { Authorizer } from '../../../src/access/policy/access.ts';
import { KeyQueue } from '../../../src/log/key-queue.ts';
import { KeyUse } from '../../../src/services/kinesis/parts/key-use.ts';

/** A KMS for what asks for no keys. */
const keyService: KeyService = {
  describe: () => assert.fail('a key is asked for'),
  generateDataKey: () => assert.fail('a key is asked for'),
  decrypt: () => assert.fail('a key is asked for'),
};

const authorizer: Authorizer = {
  authorize: () => assert.fail('a permission is asked for'),
  needsFacts: () => false,
};
const keys = { current: () => undefined, open: () => assert.fail('a key is asked for') };

/** The part of Kinesis's world that is about keys, where nothing is encrypted. */
export const noKeys = {
  keyService,
  keyUse: new KeyUse({
    keys,
    queue: new KeyQueue(),
    service: keyService,
    authorizer,
    factsOfKey: () => undefined,
  }),
};
