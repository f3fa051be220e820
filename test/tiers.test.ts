import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { allTests, isPartOf, longest, notQuick, quickTests, slow, slowTests } from '../scripts/tiers.ts';

suite('the runs of npm test', () => {
  test('what a quick run leaves out, what a slow run consists of, and what begins first, is there', () => {
    const files = allTests();
    const gone = [...notQuick, ...slow, ...longest].filter(
      (part) => !files.some((file) => isPartOf(file, part)),
    );
    assert.deepEqual(gone, []);
  });

  test('a quick run is most of the files, and a slow run few of them', () => {
    const all = allTests().length;
    assert.ok(quickTests().length > all / 2, `${quickTests().length} of ${all} are quick`);
    assert.ok(slowTests().length > 0 && slowTests().length < all / 4, `${slowTests().length} of ${all}`);
  });

  test('a name that another begins with is not a part of it', () => {
    assert.equal(isPartOf('test/sim/a.test.ts', 'test/sim'), true);
    assert.equal(isPartOf('test/simple/a.test.ts', 'test/sim'), false);
    assert.equal(isPartOf('test/sim/a.test.ts', 'test/sim/a.test.ts'), true);
  });
});
