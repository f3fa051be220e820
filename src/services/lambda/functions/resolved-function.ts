import type { Random } from '../../../env/random.ts';
import { functionNotFound } from '../errors.ts';
import { keyWithin, requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { latest } from '../parts/latest.ts';
import type { AliasRecord, LambdaState } from '../state/lambda-state.ts';
import type { RunnableFunction } from './function-runner.ts';
import type { FunctionTarget } from './functions.ts';

/**
 * The version that one call of a target runs: that of an alias by chance, as its weights say. Throws
 * ResourceNotFoundException.
 */
export function resolveFunction(
  state: LambdaState,
  target: FunctionTarget,
  random: Random,
): RunnableFunction {
  const record = requireFunction(state, target);
  const { account, region, name, qualifier = latest } = target;
  const alias = state.get('alias', keyWithin(target, qualifier));
  const version = alias === undefined ? qualifier : versionBy(alias, random);
  const settings = version === latest ? record : state.get('version', keyWithin(target, version));
  if (settings === undefined) throw functionNotFound(functionArn(target));
  return { account, region, name, id: record.id, version, arn: functionArn(target), settings };
}

/** The rest of what the weights leave is the alias's own version's. */
function versionBy({ version, weights }: AliasRecord, random: Random): string {
  const others = Object.entries(weights);
  if (others.length === 0) return version;
  let point = random.bytes(4).readUInt32BE() / 2 ** 32;
  for (const [other, weight] of others) {
    if (point < weight) return other;
    point -= weight;
  }
  return version;
}
