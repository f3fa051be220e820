import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkModel, sealingModels, whyNoSpin } from '../../harness/spin.ts';

const skip = (await whyNoSpin()) ?? false;

for (const model of sealingModels.filter(({ size }) => size === 'smallest')) {
  const name = model.bug === undefined ? `holds: ${model.name}` : `does not hold when ${model.name}`;
  test(`what the model of sealing promises ${name}`, { skip }, async () => {
    const { failure } = await checkModel(model);
    if (model.bug === undefined) assert.equal(failure, undefined);
    else assert.match(String(failure), /^assertion violated|^acceptance cycle/);
  });
}
