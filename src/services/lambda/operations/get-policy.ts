import { required, string, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { requireQualified } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { policyAt, policyText } from '../parts/function-policy.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const getPolicy = operation({
  name: 'GetPolicy',
  summary: 'Answers the policy of a function, a version or an alias.',
  runs: 'owner',
  input: structure('GetPolicyRequest', { FunctionName: required(functionName), Qualifier: qualifier }),
  output: structure('GetPolicyResponse', { Policy: string(), RevisionId: string() }),
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => {
        const policy = policyAt(requireQualified(world.opened().journal.state, target), target);
        if (policy === undefined) throw notFound('The resource you requested does not exist.');
        return { Policy: policyText(policy), RevisionId: policy.revision };
      },
    };
  },
});
