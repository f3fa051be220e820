// Checks the model of `docs/models/` with spin, in all its configurations, and says what came of each:
// `npm run model`. `-- --large` checks those that take minutes, too.
import { checkModel, sealingModels, whyNoSpin } from '../harness/spin.ts';

const lack = await whyNoSpin();
if (lack !== undefined) {
  process.stderr.write(`${lack}\n`);
  process.exit(1);
}
const models = sealingModels.filter(({ size }) => size !== 'large' || process.argv.includes('--large'));
let failures = 0;
for (const model of models) {
  const { failure, states, depth, seconds } = await checkModel(model);
  const isRight = (failure !== undefined) === (model.bug !== undefined);
  if (!isRight) failures += 1;
  const found = failure === undefined ? 'holds' : `fails: ${failure}`;
  const figures = `${states} states, depth ${depth}, ${seconds} s`;
  process.stdout.write(`${isRight ? 'ok' : 'NOT OK'}  ${model.name}: ${found} (${figures})\n`);
}
process.exit(failures === 0 ? 0 : 1);
