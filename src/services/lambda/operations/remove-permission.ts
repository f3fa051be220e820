import { uuid } from '../../../env/random.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import { policyAt, requirePolicyRevision, sidOf, withPolicy } from '../parts/function-policy.ts';
import { functionName, qualifier, revisionId } from '../parts/shapes.ts';
import { functionKeyOf } from '../state/lambda-state.ts';

export const removePermission = operation({
  name: 'RemovePermission',
  summary: 'Takes a statement out of the policy of a function, a version or an alias.',
  runs: 'owner',
  input: structure('RemovePermissionRequest', {
    FunctionName: required(functionName),
    StatementId: required(string({ min: 1, max: 100, pattern: '([a-zA-Z0-9-_.]+)' })),
    Qualifier: qualifier,
    RevisionId: revisionId,
  }),
  output: undefined,
  prepare: (world, { FunctionName, StatementId, Qualifier, RevisionId }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    const resource = functionArn(target);
    return {
      resource,
      run: async () => {
        const revision = uuid(world.random);
        await world.opened().journal.commit((state) => {
          const found = state.get('function', functionKeyOf(target));
          if (found === undefined) throw notFound(`No policy found for: ${resource}`);
          const policy = policyAt(found, target);
          if (policy === undefined) throw notFound('No policy is associated with the given resource.');
          const statements = policy.statements.filter((each) => sidOf(each) !== StatementId);
          if (statements.length === policy.statements.length) {
            throw notFound(`Statement ${StatementId} is not found in resource policy.`);
          }
          requirePolicyRevision(RevisionId, policy, found);
          const left = statements.length === 0 ? undefined : { revision, statements };
          return [functionSaid(withPolicy(found, target, left))];
        });
      },
    };
  },
});
