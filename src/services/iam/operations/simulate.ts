import type { Caller } from '../../../access/caller.ts';
import type { Identity, User } from '../../../access/identity/state.ts';
import type { RequestContext } from '../../../access/policy/access.ts';
import type { CallerValues } from '../../../access/policy/condition-values.ts';
import {
  callerOfArn,
  type Explanation,
  type NamedPolicy,
  type Simulated,
  Simulator,
} from '../../../access/policy/explain.ts';
import { PolicyError } from '../../../access/policy/policy-document.ts';
import { boolean, list, map, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidInput } from '../errors.ts';
import { operation } from '../operation.ts';
import { groups, type Kind, requireOne, resourceOf, roles, users } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { managedDocument, policiesOf } from '../parts/policies-of.ts';
import { arn, paged, paging, policyDocument } from '../parts/shapes.ts';
import type { IamWorld } from '../world.ts';

const contextEntry = structure('ContextEntry', {
  ContextKeyName: string({ min: 5, max: 256 }),
  ContextKeyValues: list(string()),
  ContextKeyType: string({
    values: [
      'string',
      'stringList',
      'numeric',
      'numericList',
      'boolean',
      'booleanList',
      'ip',
      'ipList',
      'binary',
      'binaryList',
      'date',
      'dateList',
    ],
  }),
});

const resourceName = string({ min: 1, max: 2048 });

/** Of what is asked in either way. */
const asked = {
  PermissionsBoundaryPolicyInputList: list(policyDocument),
  ActionNames: required(list(string({ min: 3, max: 128 }))),
  ResourceArns: list(resourceName),
  ResourcePolicy: policyDocument,
  ResourceOwner: resourceName,
  CallerArn: resourceName,
  ContextEntries: list(contextEntry),
  ResourceHandlingOption: string({ min: 1, max: 64 }),
  ...paging,
};

const decision = string({ values: ['allowed', 'explicitDeny', 'implicitDeny'] });

const statement = structure('Statement', { SourcePolicyId: string(), SourcePolicyType: string() });

const results = structure('SimulatePolicyResponse', {
  EvaluationResults: list(
    structure('EvaluationResult', {
      EvalActionName: required(string()),
      EvalResourceName: string(),
      EvalDecision: required(decision),
      MatchedStatements: list(statement),
      MissingContextValues: list(string()),
      PermissionsBoundaryDecisionDetail: structure('PermissionsBoundaryDecisionDetail', {
        AllowedByPermissionsBoundary: boolean(),
      }),
      EvalDecisionDetails: map(decision),
    }),
  ),
  ...paged,
});

const customRequest = structure('SimulateCustomPolicyRequest', {
  PolicyInputList: required(list(policyDocument)),
  ...asked,
});

const principalRequest = structure('SimulatePrincipalPolicyRequest', {
  PolicySourceArn: required(arn),
  PolicyInputList: list(policyDocument),
  ...asked,
});

const simulateCustomPolicy = operation({
  name: 'SimulateCustomPolicy',
  audit: 'read',
  summary: 'Tells what policies in the request decide, and which of them did.',
  input: customRequest,
  output: results,
  prepare: ({ clock }, request, caller) => ({
    resource: '*',
    run: async () =>
      simulate(request, { identity: [], boundary: undefined }, caller, caller.arn, clock.now()),
  }),
});

const simulatePrincipalPolicy = operation({
  name: 'SimulatePrincipalPolicy',
  audit: 'read',
  summary: 'Tells what the policies of a user, group or role decide, with those in the request added.',
  input: principalRequest,
  output: results,
  prepare: (world, request, caller) => ({
    resource: sourceResource(world, request.PolicySourceArn, caller),
    run: async () => {
      const held = heldBy(world, request.PolicySourceArn, caller);
      return simulate(request, held, caller, request.PolicySourceArn, world.clock.now());
    },
  }),
});

type Request = TypeOf<typeof customRequest> | TypeOf<typeof principalRequest>;

/** What someone has of policies already. */
type Held = {
  readonly identity: readonly NamedPolicy[];
  readonly boundary: readonly NamedPolicy[] | undefined;
  readonly caller?: CallerValues;
};

function simulate(request: Request, held: Held, { arn }: Caller, source: string, now: number) {
  const { ResourceArns = ['*'], ResourcePolicy, PermissionsBoundaryPolicyInputList: bounds } = request;
  const who = request.CallerArn === undefined ? held.caller : undefined;
  if (request.ActionNames.length * ResourceArns.length > questionsMax) {
    throw invalidInput(`No more than ${questionsMax} decisions can be asked for.`);
  }
  const simulated = {
    caller: who ?? callerNamed(request.CallerArn ?? source, arn),
    identity: [...held.identity, ...inputs('PolicyInputList', request.PolicyInputList ?? [])],
    boundary: bounds === undefined ? held.boundary : inputs('PermissionsBoundaryPolicyInputList', bounds),
    resource: ResourcePolicy === undefined ? undefined : { source: 'ResourcePolicy', text: ResourcePolicy },
  };
  const MaxItems = Math.min(request.MaxItems ?? questionsDefault, affordable(request, simulated));
  const simulator = simulatorOf(simulated);
  const context = contextIn(request.ContextEntries ?? []);
  const pairs = request.ActionNames.flatMap((action) =>
    ResourceArns.map((resource) => ({ action, resource })),
  );
  const numbered = pairs.map((pair, index) => ({ ...pair, index }));
  const { items, rest } = pageOf(numbered, ({ index }) => String(index).padStart(5, '0'), {
    ...request,
    MaxItems,
  });
  return {
    EvaluationResults: items.map((pair) => viewResult(simulator.explain({ ...pair, context }, now), held)),
    ...rest,
  };
}

/** Of one request; each takes some microseconds. */
const questionsMax = 10_000;

/** Of a page (API reference, SimulateCustomPolicy, MaxItems). */
const questionsDefault = 100;

/**
 * How many questions a page may answer: each compares all that policies say with all that is asked, at worst
 * character by character. InvalidInput when one is too many.
 */
function affordable(
  { ActionNames, ResourceArns = [], ContextEntries = [] }: Request,
  { identity, boundary = [], resource }: Simulated,
): number {
  const policies = [...identity, ...boundary, ...(resource === undefined ? [] : [resource])];
  const said = policies.reduce((total, { text }) => total + text.length, 0);
  const values = ContextEntries.flatMap(({ ContextKeyValues = [] }) => ContextKeyValues);
  const longest = (texts: readonly string[]) => texts.reduce((max, text) => Math.max(max, text.length), 1);
  const asked =
    longest(ActionNames) + longest(ResourceArns) + values.reduce((total, { length }) => total + length, 0);
  const count = Math.floor(comparisonsMax / (said * asked));
  if (count > 0) return count;
  throw invalidInput(`The policies are too long: ${said} characters for ${asked} that are asked about.`);
}

/** Some tenths of a second, in which the thread does nothing else. */
const comparisonsMax = 64 * 1024 * 1024;

function simulatorOf(simulated: ConstructorParameters<typeof Simulator>[0]): Simulator {
  try {
    return new Simulator(simulated);
  } catch (error) {
    if (error instanceof PolicyError) throw invalidInput(`${error.message}.`);
    throw error;
  }
}

function callerNamed(named: string, own: string): CallerValues {
  const caller = callerOfArn(named) ?? (named === own ? undefined : callerOfArn(own));
  if (caller === undefined)
    throw invalidInput(`Invalid Entity Arn: ${named} does not clearly define entity type.`);
  return caller;
}

function inputs(member: string, texts: readonly string[]): NamedPolicy[] {
  return texts.map((text, index) => ({ source: `${member}.${index + 1}`, text }));
}

function contextIn(entries: readonly TypeOf<typeof contextEntry>[]): RequestContext {
  return new Map(
    entries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues,
    ]),
  );
}

function viewResult(
  { action, resource, decision, type, statement, missingKeys }: Explanation,
  { boundary }: Held,
) {
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decision,
    MatchedStatements:
      statement === undefined ? [] : [{ SourcePolicyId: statement.source, SourcePolicyType: 'IAM Policy' }],
    MissingContextValues: missingKeys,
    PermissionsBoundaryDecisionDetail:
      boundary === undefined ? undefined : { AllowedByPermissionsBoundary: type !== 'boundary' },
    EvalDecisionDetails: {},
  };
}

/** An ARN of a user, group or role, however its name is spelled. */
function sourceResource(world: IamWorld, source: string, caller: Caller): string {
  const named = sourceNamed(source, caller);
  return named === undefined ? source : resourceOf(world, caller, named.kind, named.name);
}

/** NoSuchEntity when the account has no user, group or role with the ARN. */
function heldBy({ identity: { state } }: IamWorld, source: string, caller: Caller): Held {
  const named = sourceNamed(source, caller);
  if (named === undefined) {
    throw invalidInput(`Invalid Entity Arn: ${source} does not clearly define entity type and name.`);
  }
  const { account: id } = caller;
  const found: Identity & Partial<User> = requireOne(state, id, named.kind, named.name);
  const account = state.accounts.get(id)!;
  const { boundary = null, tags = [] } = found;
  const values = callerOfArn(named.kind === groups ? `arn:aws:iam::${id}:user/${named.name}` : source)!;
  return {
    identity: policiesOf(account, found),
    boundary: boundary === null ? undefined : managedDocument(account, boundary),
    caller: { ...values, tags, names: { ...values.names, id: found.id } },
  };
}

function sourceNamed(source: string, { account }: Caller) {
  const [, owner, type, name] = entityArn.exec(source) ?? [];
  const kind: Kind | undefined = [users, groups, roles].find(({ word }) => word === type);
  return kind === undefined || owner !== account ? undefined : { kind, name: name! };
}

const entityArn = /^arn:aws[a-z-]*:iam::(\d{12}):(user|group|role)\/(?:.*\/)?([^/]+)$/;

export const simulateOperations = [simulateCustomPolicy, simulatePrincipalPolicy];
