import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ordered } from '../../src/journal/ordered.ts';
import { TestRandom } from '../log/world.ts';

type Thing = { readonly place: string; readonly nth: number };

/** The same by sorting everything again. */
function between(things: ReadonlyMap<string, Thing>, from: string, end: string | undefined): Thing[] {
  const places = [...things.keys()].filter((place) => place >= from && (end === undefined || place < end));
  return places.sort().map((place) => things.get(place)!);
}

test('things are found, walked and removed in order, whatever was put and removed before', () => {
  const random = new TestRandom(5);
  const place = () => String.fromCharCode(random.below(4), random.below(256), random.below(3));
  const ordered = new Ordered<Thing>();
  const known = new Map<string, Thing>();
  for (let nth = 0; nth < 6000; nth++) {
    const at = place();
    // It grows, is emptied, and grows again.
    if (random.below(3) < (nth % 3000 < 1500 ? 2 : 1)) {
      assert.deepEqual(ordered.put({ place: at, nth }), known.get(at));
      known.set(at, { place: at, nth });
    } else {
      assert.deepEqual(ordered.remove(at), known.get(at));
      known.delete(at);
    }
    assert.equal(ordered.size, known.size);
    assert.deepEqual(ordered.get(at), known.get(at));
    if (nth % 60 > 0) continue;
    const [from, end] = [place(), nth % 120 === 0 ? undefined : place()];
    assert.deepEqual([...ordered.ascending(from, end)], between(known, from, end));
    assert.deepEqual([...ordered.descending(from, end)], between(known, from, end).reverse());
  }
  for (const at of known.keys()) ordered.remove(at);
  assert.deepEqual([...ordered.ascending('', undefined), ...ordered.descending('', undefined)], []);
});
