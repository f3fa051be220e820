import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restored, transferred } from '../../src/gateway/error-transfer.ts';
import * as log from '../../src/log/log.ts';
import { ServiceError } from '../../src/wire/service-error.ts';

for (const [name, Kind] of Object.entries(log)) {
  test(`an error that a log rejects with comes out of a thread as what it was: ${name}`, () => {
    const back = restored(structuredClone(transferred(new Kind('why'))));
    assert.ok(back instanceof Kind);
    assert.equal(back.message, 'why');
  });
}

test("a service's error comes out of a thread with all that its client is told", () => {
  const back = restored(structuredClone(transferred(new ServiceError('SomeException', 'why', 404))));
  assert.ok(back instanceof ServiceError);
  assert.deepEqual([back.type, back.message, back.status], ['SomeException', 'why', 404]);
});

test('any other error comes out of a thread with its name and its code', () => {
  const error = Object.assign(new RangeError('far'), { code: 'EFAR' });
  const back = restored(structuredClone(transferred(error)));
  assert.equal(back.name, 'RangeError');
  assert.equal((back as NodeJS.ErrnoException).code, 'EFAR');
});
