import { isPrincipal } from '../../../access/policy/principals.ts';
import { partitionOf } from '../../../kinesis/arn.ts';
import { conflict, invalidValue, lambdaError } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import type { FunctionPolicy, FunctionRecord } from '../state/lambda-state.ts';
import { latest } from './latest.ts';

/** The document, as GetPolicy answers it. */
export function policyText({ statements }: Pick<FunctionPolicy, 'statements'>): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

/** The policy of what a target names; each qualifier has its own. */
export function policyAt(
  { policies }: FunctionRecord,
  { qualifier = latest }: FunctionTarget,
): FunctionPolicy | undefined {
  return policies[qualifier];
}

/** Lambda API reference, PolicyLengthExceededException. */
const policyBytesMax = 20 * 1024;

/** The function with another policy of what a target names, or without one. */
export function withPolicy(
  found: FunctionRecord,
  { qualifier = latest }: FunctionTarget,
  policy: FunctionPolicy | undefined,
): FunctionRecord {
  if (policy !== undefined && policyText(policy).length > policyBytesMax) {
    throw lambdaError(
      'PolicyLengthExceededException',
      `The final policy size (${policyText(policy).length}) is bigger than the limit (${policyBytesMax}).`,
    );
  }
  const { [qualifier]: _, ...others } = found.policies;
  return { ...found, policies: policy === undefined ? others : { ...others, [qualifier]: policy } };
}

/** Versions and aliases have policies, and the function as a whole. The text is AWS's. */
export function requirePolicyTarget({ qualifier }: FunctionTarget): void {
  if (qualifier === latest) throw invalidValue('We currently do not support adding policies for $LATEST.');
}

/** The revision of the policy; where there is none, that of the function. */
export function requirePolicyRevision(
  wanted: string | undefined,
  policy: FunctionPolicy | undefined,
  found: FunctionRecord,
): void {
  if (wanted === undefined || wanted === (policy ?? found).revision) return;
  throw lambdaError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the ' +
      'latest Revision Id',
  );
}

/** ResourceConflictException, in AWS's words, where the policy has a statement of that id. */
export function requireNewStatement(policy: FunctionPolicy | undefined, sid: string): void {
  if (policy === undefined || policy.statements.every((each) => sidOf(each) !== sid)) return;
  throw conflict(
    `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the ` +
      'existing statement.',
  );
}

export function sidOf(statement: object): unknown {
  return Reflect.get(statement, 'Sid');
}

/** What AddPermission says. */
type PermissionRequest = {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
  readonly EventSourceToken?: string;
  readonly PrincipalOrgID?: string;
  readonly FunctionUrlAuthType?: string;
  readonly InvokedViaFunctionUrl?: boolean;
};

/** The statement of a permission, in AWS's order. */
export function statementOf(request: PermissionRequest, resource: string): object {
  const condition = conditionOf(request);
  return {
    Sid: request.StatementId,
    Effect: 'Allow',
    Principal: principalOf(request.Principal, resource),
    Action: request.Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

function principalOf(principal: string, resource: string): unknown {
  if (principal === '*') return '*';
  if (serviceForm.test(principal)) return { Service: principal };
  const partition = partitionOf(resource.split(':')[3]!);
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
  if (isPrincipal('AWS', principal)) return { AWS: principal };
  throw invalidValue('The provided principal was invalid. Please check the principal and try again.');
}

const serviceForm = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

function conditionOf(request: PermissionRequest): Record<string, object> {
  const { SourceArn, SourceAccount, EventSourceToken, PrincipalOrgID, FunctionUrlAuthType } = request;
  const equal = {
    ...(SourceAccount !== undefined && { 'AWS:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': PrincipalOrgID }),
    ...(EventSourceToken !== undefined && { 'lambda:EventSourceToken': EventSourceToken }),
    ...(FunctionUrlAuthType !== undefined && { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
  };
  const isViaUrl = request.InvokedViaFunctionUrl;
  return {
    ...(Object.keys(equal).length > 0 && { StringEquals: equal }),
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...(isViaUrl !== undefined && { Bool: { 'lambda:InvokedViaFunctionUrl': String(isViaUrl) } }),
  };
}
