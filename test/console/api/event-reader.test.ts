import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventReader } from '../../../console/api/event-reader.ts';

const text =
  ': a comment\n\nevent: record\r\nid: 1\r\ndata: {"a":1}\r\n\r\ndata:first\ndata: second\ndata\n\n' +
  'event: nothing\n\nid: with\0null\ndata:  two blanks\r\runknown: field\nid\ndata: ñ\n\ndata: cut off\n';

const events = [
  { event: 'record', data: '{"a":1}', id: '1' },
  { event: 'message', data: 'first\nsecond\n', id: '1' },
  { event: 'message', data: ' two blanks', id: '1' },
  { event: 'message', data: 'ñ', id: '' },
];

test('events are the same wherever the text was cut', () => {
  assert.deepEqual(new EventReader().read(text), events);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 12 }), (cuts) => {
      const ends = [...cuts.sort((left, right) => left - right), text.length];
      const reader = new EventReader();
      const read = ends.flatMap((end, index) => reader.read(text.slice(ends[index - 1] ?? 0, end)));
      assert.deepEqual(read, events);
    }),
  );
});

test('a stream that goes on knows the last id of the one before', () => {
  assert.deepEqual(new EventReader('7').read('data: a\n\n'), [{ event: 'message', data: 'a', id: '7' }]);
});
