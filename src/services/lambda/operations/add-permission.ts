import { uuid } from '../../../env/random.ts';
import { boolean, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireQualified } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import {
  policyAt,
  requireNewStatement,
  requirePolicyRevision,
  requirePolicyTarget,
  statementOf,
  withPolicy,
} from '../parts/function-policy.ts';
import { functionName, qualifier, revisionId } from '../parts/shapes.ts';

export const addPermission = operation({
  name: 'AddPermission',
  summary: 'Lets another account or a service call a function, a version or an alias, by its policy.',
  runs: 'owner',
  input: structure('AddPermissionRequest', {
    FunctionName: required(functionName),
    StatementId: required(string({ min: 1, max: 100, pattern: '([a-zA-Z0-9-_]+)' })),
    Action: required(string({ pattern: '(lambda:[*]|lambda:[a-zA-Z]+|[*])' })),
    Principal: required(string({ pattern: '[^\\s]+' })),
    SourceArn: string({
      pattern: 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
    }),
    FunctionUrlAuthType: string({ values: ['NONE', 'AWS_IAM'] }),
    InvokedViaFunctionUrl: boolean(),
    SourceAccount: string({ max: 12, pattern: '\\d{12}' }),
    EventSourceToken: string({ min: 0, max: 256, pattern: '[a-zA-Z0-9._\\-]+' }),
    Qualifier: qualifier,
    RevisionId: revisionId,
    PrincipalOrgID: string({ min: 12, max: 34, pattern: 'o-[a-z0-9]{10,32}' }),
  }),
  output: structure('AddPermissionResponse', { Statement: string() }),
  prepare: (world, request, caller) => {
    const target = functionNamed(request.FunctionName, caller, request.Qualifier);
    const resource = functionArn(target);
    return {
      resource,
      run: async () => {
        requirePolicyTarget(target);
        const statement = statementOf(request, resource);
        const revision = uuid(world.random);
        await world.opened().journal.commit((state) => {
          const found = requireQualified(state, target);
          const policy = policyAt(found, target);
          requirePolicyRevision(request.RevisionId, policy, found);
          requireNewStatement(policy, request.StatementId);
          const statements = [...(policy?.statements ?? []), statement];
          return [functionSaid(withPolicy(found, target, { revision, statements }))];
        });
        return { Statement: JSON.stringify(statement) };
      },
    };
  },
});
