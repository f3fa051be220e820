import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from '../../torture/faults.ts';
import { times } from '../length.ts';
import { torture } from './torture-run.ts';

/** A slice of what `npm run torture` does: so many rounds of each fault. */
const slices: Readonly<Record<string, number>> = {
  kill: times(2, 4),
  'power-ext4': times(1, 2),
  'power-xfs': times(1, 2),
  'crash-images': times(2, 4),
  'torn-tail': times(10, 30),
  damage: times(10, 30),
  'refused-sync': 1,
  'slow-disk': 1,
  'full-disk': 1,
  'limit-file-size': 1,
  'limit-open-files': 1,
  pause: 1,
  'clock-jump': 1,
  'second-server': 1,
  functions: times(2, 5),
  deliveries: times(2, 5),
};

/** Those with a slice elsewhere: hostile.test.ts and test/kafka/torture-suite.ts. */
const elsewhere = /^(hostile|kafka)-/;
const ours = faults.filter(({ name, peer }) => peer === undefined && !elsewhere.test(name));

test('every fault has its slice', () => {
  assert.deepEqual(
    Object.keys(slices),
    ours.map(({ name }) => name),
  );
});

for (const { name, title } of ours) {
  test(`nothing acknowledged is lost and no promise broken: ${title}`, async (context) => {
    const { code, output, skipped } = await torture(name, slices[name]!);
    if (skipped !== undefined) return context.skip(skipped);
    assert.equal(code, 0, output);
  });
}
