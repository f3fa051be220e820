import assert from 'node:assert/strict';
import { test } from 'node:test';
import { href, placeOf } from '../../../console/shell/address.ts';
import { pageAt, segmentsOf } from '../../../console/shell/pattern.ts';

const pages = ['streams', 'streams/new', 'streams/:stream', 'streams/:stream/records'].map((pattern) => ({
  pattern,
}));

test('a path is of the first page whose pattern fits, with its parameters', () => {
  assert.equal(pageAt(pages, ['streams', 'new'])?.page.pattern, 'streams/new');
  const found = pageAt(pages, ['streams', 'a/b', 'records']);
  assert.deepEqual([found?.page.pattern, found?.parameters], ['streams/:stream/records', { stream: 'a/b' }]);
  assert.deepEqual(segmentsOf(found!.page.pattern, found!.parameters), ['streams', 'a/b', 'records']);
  for (const none of [[], ['users'], ['streams', 'a', 'b']]) assert.equal(pageAt(pages, none), undefined);
});

test('an address is read as it was made, whatever stands in it', () => {
  const segments = ['streams', 'a/b?c#d', 'ñ %', '..'];
  const address = href(segments, { where: 'key == "a&b"', shard: undefined, empty: '' });
  const { query } = placeOf(`http://localhost${address}`);
  assert.deepEqual([...query], [['where', 'key == "a&b"']]);
  assert.deepEqual(placeOf(`http://localhost${href(segments.slice(0, 3))}`).segments, segments.slice(0, 3));
  assert.deepEqual(placeOf('http://localhost/console/a%zz//b/').segments, ['a%zz', 'b']);
  assert.deepEqual(placeOf('http://localhost/elsewhere').segments, []);
});
