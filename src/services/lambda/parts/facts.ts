import type { ResourceFacts } from '../../../access/policy/access.ts';
import { functionKeyOf, type LambdaState } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';
import { functionOfArn, mappingOfArn } from './function-arn.ts';
import { policyText } from './function-policy.ts';
import { latest } from './latest.ts';

/**
 * What policies may ask about the function or the mapping that an ARN names: a function has tags as a whole,
 * and a policy for each qualifier.
 */
export function factsOfResource(world: LambdaWorld, arn: string): ResourceFacts | undefined {
  return factsOfFunctions(world.opened().journal.state, arn);
}

/** The same, of what Lambda keeps. */
export function factsOfFunctions(state: LambdaState, arn: string): ResourceFacts | undefined {
  const target = functionOfArn(arn);
  if (target !== undefined) {
    const found = state.get('function', functionKeyOf(target));
    const policy = found?.policies[target.qualifier ?? latest];
    return found && { policy: policy === undefined ? null : policyText(policy), tags: tagsOf(found.tags) };
  }
  const mapping = mappingOfArn(arn);
  const found = mapping && state.get('mapping', mapping.uuid);
  return found && { policy: null, tags: tagsOf(found.tags) };
}

function tagsOf(tags: Readonly<Record<string, string>>): ResourceFacts['tags'] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
