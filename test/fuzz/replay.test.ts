import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Store } from '../../fuzz/store.ts';
import { targets } from '../../fuzz/targets.ts';

const store = new Store();

for (const target of targets) {
  test(`${target.name}: what fuzzing ever found, and what it kept, does no harm`, async () => {
    for (const [name, input] of store.findings(target.name)) {
      await assert.doesNotReject(async () => target.run(input), `findings/${target.name}/${name}`);
    }
    for (const input of store.corpus(target.name)) await target.run(input);
  });
}

test('findings and corpora belong to targets', () => {
  const names = new Set(targets.map(({ name }) => name));
  assert.equal(names.size, targets.length);
  for (const folder of ['findings', 'corpus']) {
    const strange = readdirSync(new URL(`../../fuzz/${folder}`, import.meta.url)).filter(
      (name) => name !== '.gitkeep' && !names.has(name),
    );
    assert.deepEqual(strange, []);
  }
});
