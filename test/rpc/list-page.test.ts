import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { listPage } from '../../src/rpc/list-page.ts';

test('pages one after the other have every item that stays, once, in the order of the keys', () => {
  const keys = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 6 }), (items, itemsMax) => {
      const seen: string[] = [];
      let marker: string | undefined;
      do {
        const page = listPage(items, (item) => item, marker, itemsMax);
        assert.ok(page !== undefined && page.items.length <= itemsMax && seen.length <= items.length);
        seen.push(...page.items);
        marker = page.next;
      } while (marker !== undefined);
      assert.deepEqual(seen, [...items].sort());
    }),
  );
});

test('what goes and comes between two pages is missed nowhere else, and another text is no marker', () => {
  const keyOf = (item: string) => item;
  const first = listPage(['a', 'b', 'c', 'd'], keyOf, undefined, 2)!;
  assert.deepEqual(first.items, ['a', 'b']);
  assert.deepEqual(listPage(['aa', 'b', 'bb', 'd'], keyOf, first.next, 2), {
    items: ['bb', 'd'],
    next: undefined,
  });
  for (const wrong of ['*', 'YQ', 'YQ=', '/w==']) assert.equal(listPage(['a'], keyOf, wrong, 2), undefined);
});
