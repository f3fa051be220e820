import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openTextObject } from '../../../src/delivery/format/text-object.ts';
import { recordsOf } from '../record/some-records.ts';

const lines = Array.from(
  { length: 30_000 },
  (_, line) => `{"line":${line},"flight":"AA${line % 977}","late":true}`,
);

test('an object in gzip is one member, of many pieces, that holds the records in their order', async () => {
  const object = openTextObject({ compression: 'GZIP', delimiter: Buffer.from('\n') });
  for (let line = 0; line < lines.length; line += 500) {
    assert.deepEqual(await object.add(recordsOf(lines.slice(line, line + 500))), []);
  }
  assert.equal(object.records, lines.length);
  const { bytes, ...rest } = await object.finish();
  assert.equal(gunzipSync(Buffer.concat(bytes)).toString(), lines.join('\n'));
  assert.deepEqual(rest, {
    contentType: 'application/octet-stream',
    extension: '.gz',
    contentEncoding: 'gzip',
  });
});
