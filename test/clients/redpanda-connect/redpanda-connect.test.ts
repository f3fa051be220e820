import assert from 'node:assert/strict';
import { test } from 'node:test';

const skip =
  'its module, github.com/redpanda-data/connect/v4, is not under an open-source licence as a whole';

test('Redpanda Connect reads a stream', { skip }, () => assert.fail('nothing runs it'));
