import { type Compiling, type Condition, conditionOf, type Unknown } from './condition.ts';
import { isKeyOfOurs, isKnownKey } from './condition-keys.ts';
import { inAnyPartition, isWithoutPartition } from './one-partition.ts';
import {
  type PolicyDocument,
  type PolicyKind,
  readPolicy,
  type StatementDocument,
} from './policy-document.ts';
import { templateOf, type ValuesOf } from './policy-variables.ts';
import { type PrincipalTest, principalTestOf } from './principals.ts';
import { matcherOf, matches, wildcardOf } from './wildcard.ts';

/** A policy, ready to be asked. */
export type CompiledPolicy = {
  readonly statements: readonly Statement[];
  /** What in it is not known here. */
  readonly unknown: readonly Unknown[];
  /** The statements about an action, which is named as in `kinesis:PutRecord`, denials first. */
  statementsOn(action: string): readonly Statement[];
};

export type Statement = {
  /** Its place in the policy. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** The case of an action does not matter. */
  isOn(action: string): boolean;
  readonly resource: ResourceTest;
  /** Undefined in an identity's policy. */
  readonly names: PrincipalTest | undefined;
  readonly condition: Condition | undefined;
};

/** Whether a statement is about a resource. `varies` says that it depends on the request's values. */
export type ResourceTest = {
  readonly varies: boolean;
  holds(resource: string, valuesOf: ValuesOf): boolean;
};

/** Compiles a policy. Throws a `PolicyError` when the text is none of its kind. */
export function compilePolicy(text: string, kind: PolicyKind): CompiledPolicy {
  const document = readPolicy(text, kind);
  const unknown: Unknown[] = [];
  const statements = document.statements.map((statement, index) =>
    compileStatement(document, statement, index, unknown),
  );
  const byAction = new Map<string, readonly Statement[]>();
  return {
    statements,
    unknown,
    statementsOn(action) {
      let found = byAction.get(action);
      if (found === undefined) {
        found = statements.filter((statement) => statement.isOn(action)).sort(denialsFirst);
        if (byAction.size < actionsMax) byAction.set(action, found);
      }
      return found;
    },
  };
}

/** More than there are operations of the services that are here. */
const actionsMax = 1000;

function denialsFirst(one: Statement, other: Statement): number {
  if (one.effect === other.effect) return one.index - other.index;
  return one.effect === 'Deny' ? -1 : 1;
}

function compileStatement(
  { version }: PolicyDocument,
  statement: StatementDocument,
  index: number,
  unknown: Unknown[],
): Statement {
  const { sid, effect, actions, resources, principals, conditions } = statement;
  const compiling: Compiling = { effect, hasVariables: version === '2012-10-17', unknown };
  return {
    index,
    sid,
    effect,
    isOn: actionTest(actions),
    resource: resources === undefined ? anyResource : resourceTest(resources, compiling),
    names: principals && principalTestOf(principals, effect),
    condition: conditionOf(conditions, compiling),
  };
}

function actionTest({ isNegated, names }: StatementDocument['actions']): (action: string) => boolean {
  const tests = names.map((name) => matcherOf(name.toLowerCase()));
  return (action) => {
    const lower = action.toLowerCase();
    return tests.some((test) => test(lower)) !== isNegated;
  };
}

const anyResource: ResourceTest = { varies: false, holds: () => true };

function resourceTest(
  { isNegated, names }: NonNullable<StatementDocument['resources']>,
  compiling: Compiling,
): ResourceTest {
  const tests = names.map((name) => patternTest(name, compiling));
  // What a variable that is not known stands for may be anything: a Deny is about it, an Allow is not.
  if (tests.includes(undefined)) return { varies: false, holds: () => compiling.effect === 'Deny' };
  return {
    varies: tests.some((test) => test!.varies),
    holds: (resource, valuesOf) => tests.some((test) => test!.holds(resource, valuesOf)) !== isNegated,
  };
}

/** Undefined when it has a variable that is not known. */
function patternTest(name: string, { hasVariables, unknown }: Compiling): ResourceTest | undefined {
  const template = hasVariables ? templateOf(name) : undefined;
  if (template === undefined) return { varies: false, holds: arnMatcherOf(name) };
  const foreign = template.keys.find((key) => !isKnownKey(key));
  if (foreign !== undefined) {
    unknown.push({ kind: 'policy variable', name: `\${${foreign}}`, isForeign: !isKeyOfOurs(foreign) });
    return undefined;
  }
  return {
    varies: template.keys.length > 0,
    holds(resource, valuesOf) {
      const pattern = template.pattern(valuesOf);
      if (pattern === undefined) return false;
      return matches(isWithoutPartition(resource) ? inAnyPartition(pattern) : pattern, resource);
    },
  };
}

function arnMatcherOf(pattern: string): (resource: string) => boolean {
  const test = matcherOf(pattern);
  if (pattern.startsWith('arn:aws:') || !pattern.startsWith('arn:')) return test;
  const inAny = inAnyPartition(wildcardOf(pattern));
  return (resource) => (isWithoutPartition(resource) ? matches(inAny, resource) : test(resource));
}
