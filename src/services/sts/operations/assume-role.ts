import type { Caller } from '../../../access/caller.ts';
import { keyedValues, type RequestContext } from '../../../access/policy/access.ts';
import { assumedRoleArn } from '../../../access/principals.ts';
import { temporaryPrefix } from '../../../access/session.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { integer, list, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { issue } from '../parts/issue.ts';
import { assumeDenied, findRole, requireArn } from '../parts/role.ts';
import { sessionTags } from '../parts/session-tags.ts';
import {
  assumeSeconds,
  credentials,
  externalId,
  policyArns,
  roleArn,
  serialNumber,
  sessionName,
  sessionPolicy,
  sourceIdentity,
  tagKeys,
  tags,
  tokenCode,
} from '../parts/shapes.ts';

const input = structure('AssumeRoleRequest', {
  RoleArn: required(roleArn),
  RoleSessionName: required(sessionName),
  PolicyArns: policyArns,
  Policy: sessionPolicy,
  DurationSeconds: assumeSeconds,
  Tags: tags,
  TransitiveTagKeys: tagKeys,
  ExternalId: externalId,
  SerialNumber: serialNumber,
  TokenCode: tokenCode,
  SourceIdentity: sourceIdentity,
  ProvidedContexts: list(
    structure('ProvidedContext', {
      ProviderArn: string({ min: 20, max: 2048 }),
      ContextAssertion: string({ min: 4, max: 2048 }),
    }),
    { max: 5 },
  ),
});

type Request = TypeOf<typeof input>;

export const assumeRole = operation({
  name: 'AssumeRole',
  audit: 'read',
  summary: 'Answers temporary credentials of a role, for whom its trust policy names.',
  input,
  output: structure('AssumeRoleResponse', {
    Credentials: credentials,
    AssumedRoleUser: structure('AssumedRoleUser', {
      AssumedRoleId: required(string()),
      Arn: required(string()),
    }),
    PackedPolicySize: integer(),
    SourceIdentity: string(),
  }),
  prepare(world, request, caller) {
    const { RoleArn: resource, RoleSessionName: sessionName } = request;
    requireArn(resource);
    const tags = sessionTags(request, caller);
    return {
      resource,
      context: contextOf(request, caller),
      permissions: permissionsOf(request, caller),
      async run() {
        const found = findRole(world.identity.state, resource);
        if (found === undefined) throw assumeDenied(caller.arn, resource);
        if (caller.principal.kind === 'root') throw rootDenied();
        const { account, role } = found;
        const seconds = secondsOf(request, role.sessionSecondsMax, caller);
        const holder = { kind: 'role', id: role.id, name: role.name, sessionName } as const;
        const { Credentials, percent } = issue(world, account, holder, {
          seconds,
          policy: request.Policy,
          policyArns: request.PolicyArns?.flatMap(({ arn }) => arn ?? []),
          tags,
          sourceIdentity: sourceIdentityOf(request, caller),
        });
        return {
          Credentials,
          AssumedRoleUser: {
            AssumedRoleId: `${role.id}:${sessionName}`,
            Arn: assumedRoleArn(account, role.name, sessionName, caller.region),
          },
          PackedPolicySize: percent === 0 ? undefined : percent,
          SourceIdentity: sourceIdentityOf(request, caller),
        };
      },
    };
  },
});

/** Tags, and a source identity, take permissions of their own (IAM user guide, "Pass session tags"). */
function permissionsOf(request: Request, caller: Caller) {
  const { RoleArn: resource, Tags = [] } = request;
  const actions = ['sts:AssumeRole'];
  if (Tags.length > 0) actions.push('sts:TagSession');
  if (sourceIdentityOf(request, caller) !== undefined) actions.push('sts:SetSourceIdentity');
  return actions.map((action) => ({ action, resource }));
}

/** Condition keys of STS (service authorization reference). */
function contextOf(request: Request, caller: Caller): RequestContext {
  const SourceIdentity = sourceIdentityOf(request, caller);
  const { ExternalId, Tags = [], TransitiveTagKeys = [] } = request;
  const context = new Map<string, readonly string[]>([['sts:rolesessionname', [request.RoleSessionName]]]);
  if (ExternalId !== undefined) context.set('sts:externalid', [ExternalId]);
  if (SourceIdentity !== undefined) context.set('sts:sourceidentity', [SourceIdentity]);
  if (TransitiveTagKeys.length > 0) context.set('sts:transitivetagkeys', TransitiveTagKeys);
  const keys = Tags.map(({ Key }) => Key);
  if (keys.length > 0) context.set('aws:tagkeys', keys);
  const tagged = Tags.map(({ Key, Value }) => [Key, Value] as const);
  return new Map([...context, ...keyedValues('aws:requesttag/', tagged)]);
}

/**
 * Once a session has one, those made with it have the same (IAM user guide, "Monitor and control actions
 * taken with assumed roles").
 */
function sourceIdentityOf({ SourceIdentity }: Request, { principal }: Caller): string | undefined {
  const carried = principal.kind === 'role' ? principal.sourceIdentity : undefined;
  if (carried === undefined || SourceIdentity === undefined || carried === SourceIdentity)
    return carried ?? SourceIdentity;
  throw new ServiceError('AccessDeniedException', 'The source identity of a session cannot be changed.');
}

/**
 * How long the session lasts. A session that is made with another role's lasts an hour at most, whatever the
 * role allows (API reference, AssumeRole, "DurationSeconds").
 */
function secondsOf(
  { DurationSeconds }: Request,
  roleMax: number,
  { accessKeyId, principal }: Caller,
): number {
  const isChained = principal.kind === 'role' && accessKeyId.startsWith(temporaryPrefix);
  const seconds = DurationSeconds ?? hour;
  if (isChained && seconds > hour) {
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (seconds <= roleMax) return seconds;
  throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
}

const hour = 3600;

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

function rootDenied(): ServiceError {
  return new ServiceError('AccessDeniedException', 'Roles may not be assumed by root accounts.');
}
