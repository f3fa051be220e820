import { members } from '../../api/xml.ts';
import { iam } from './iam.ts';

/** What policies decide about one action and one resource (IAM API reference, EvaluationResult). */
export type Evaluation = {
  readonly EvalActionName: string;
  readonly EvalResourceName: string;
  readonly EvalDecision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly MatchedStatements?: readonly Matched[] | '';
  readonly MissingContextValues?: readonly string[] | '';
  readonly PermissionsBoundaryDecisionDetail?: { readonly AllowedByPermissionsBoundary: string };
};

/** Where in a policy a statement stands; lines and columns begin at 1. */
export type Matched = {
  readonly SourcePolicyId: string;
  readonly StartPosition?: Position;
  readonly EndPosition?: Position;
};

type Position = { readonly Line: string; readonly Column: string };

/** Asks what a user, group or role may do. */
export async function simulate(
  who: string,
  actions: readonly string[],
  resources: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Evaluation[]> {
  const input = { PolicySourceArn: who, ActionNames: actions, ResourceArns: resources, MaxItems: 1000 };
  type Answer = { readonly EvaluationResults?: readonly Evaluation[] | '' };
  return members((await iam<Answer>('SimulatePrincipalPolicy', input, signal)).EvaluationResults);
}
