import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import { inflate } from '../../src/wire/gzip.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { seedsOf, type Target } from '../target.ts';

const bytesMax = 4_096;

/** Packed bodies: what the platform unpacks within the limit, and nothing more. */
export const gzipTarget: Target = {
  name: 'gzip',
  seeds: seedsOf(
    gzipSync('{"MetricData":[]}'),
    gzipSync(Buffer.alloc(bytesMax)),
    gzipSync(Buffer.alloc(bytesMax + 1)),
    Buffer.concat([gzipSync('a'), gzipSync('b')]),
  ),
  words: ['\x1f\x8b\x08', '\0\0\0\0', '\x03\0', '\xff\xff'],
  run: async (body) => {
    try {
      const inflated = await inflate(body, bytesMax);
      assert(inflated.length <= bytesMax, 'more than the limit');
      assert.deepEqual(inflated, gunzipSync(body));
      return 'unpacked';
    } catch (error) {
      assert(error instanceof ServiceError && error.type === 'SerializationException', String(error));
      return 'refused';
    }
  },
};
