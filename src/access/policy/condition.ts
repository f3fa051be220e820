import { isKeyOfOurs, isKnownKey, isSingleValued } from './condition-keys.ts';
import { noPattern, type Operator, operatorNamed, type Test } from './condition-operators.ts';
import type { ConditionDocument } from './policy-document.ts';
import { type Template, templateOf, type ValuesOf } from './policy-variables.ts';
import { wildcardOf } from './wildcard.ts';

/** Whether a condition holds for a request. */
export type Condition = (valuesOf: ValuesOf) => boolean;

/** What in a policy is not known here, so that a Deny with it denies and an Allow with it does not allow. */
export type Unknown = {
  readonly kind: 'condition operator' | 'condition key' | 'policy variable' | 'condition value';
  /** As it stands in the policy. */
  readonly name: string;
  /** Whether it may mean something to a service of AWS's that is not here: a key such as `s3:prefix`. */
  readonly isForeign: boolean;
};

/** Where conditions are compiled: what they are found not to know is added to `unknown`. */
export type Compiling = {
  readonly effect: 'Allow' | 'Deny';
  readonly hasVariables: boolean;
  readonly unknown: Unknown[];
};

/** All of a statement's conditions in one; undefined without any. */
export function conditionOf(
  conditions: readonly ConditionDocument[],
  compiling: Compiling,
): Condition | undefined {
  const all = conditions.map((each) => compile(each, compiling));
  if (all.length === 0) return undefined;
  return all.length === 1 ? all[0] : (valuesOf) => all.every((holds) => holds(valuesOf));
}

function compile(condition: ConditionDocument, compiling: Compiling): Condition {
  const { operator: written, key: writtenKey, values } = condition;
  const key = writtenKey.toLowerCase();
  const { quantifier, name, ifExists } = partsOf(written.toLowerCase());
  const operator = name === 'null' ? undefined : operatorNamed(name);
  if (operator === undefined && !(name === 'null' && !ifExists)) {
    return unknownIn(compiling, 'condition operator', written);
  }
  if (!isKnownKey(key)) return unknownIn(compiling, 'condition key', writtenKey, !isKeyOfOurs(key));
  if (operator === undefined) return nullCondition(key, values, compiling);
  const tests = testsOf(operator, values, compiling);
  if (tests === undefined) return always(compiling.effect === 'Deny');
  const { isNegated } = operator;
  const isSingle = quantifier === undefined && isSingleValued(key);
  const absent = ifExists || (quantifier === undefined ? isNegated : quantifier === 'forallvalues');
  const fits = (value: string, valuesOf: ValuesOf) =>
    tests.some((test) => test(value, valuesOf)) !== isNegated;
  return (valuesOf) => {
    const found = valuesOf(key);
    if (found === undefined || found.length === 0) return absent;
    // Without a quantifier, a negated operator is the opposite of the other one: none of the values fits. A
    // key that has one value by its nature lets nobody in by one of several, and keeps out by any.
    const isForAll = isSingle
      ? compiling.effect === 'Allow'
      : quantifier === 'forallvalues' || (quantifier === undefined && isNegated);
    return isForAll
      ? found.every((value) => fits(value, valuesOf))
      : found.some((value) => fits(value, valuesOf));
  };
}

/** `ForAnyValue:StringLikeIfExists`, taken apart. */
function partsOf(written: string) {
  const { 1: quantifier, 2: name } = /^(?:(forallvalues|foranyvalue):)?(.*)$/s.exec(written)!;
  const ifExists = name!.endsWith('ifexists');
  return { quantifier, ifExists, name: ifExists ? name!.slice(0, -'ifexists'.length) : name! };
}

/** `true` asks that the request has no such key, `false` that it has one. */
function nullCondition(key: string, values: readonly string[], compiling: Compiling): Condition {
  const wanted = values.map((value) => value.toLowerCase());
  const wrong = wanted.findIndex((value) => value !== 'true' && value !== 'false');
  if (wrong !== -1) return unknownIn(compiling, 'condition value', values[wrong]!);
  return (valuesOf) => {
    const isAbsent = (valuesOf(key)?.length ?? 0) === 0;
    return wanted.includes(String(isAbsent));
  };
}

type ValueTest = (value: string, valuesOf: ValuesOf) => boolean;

/** A test for each of the policy's values; undefined when one of them is of no use. */
function testsOf(
  operator: Operator,
  values: readonly string[],
  compiling: Compiling,
): readonly ValueTest[] | undefined {
  const tests: ValueTest[] = [];
  for (const value of values) {
    const mayVary = operator.takes !== 'literal' && compiling.hasVariables;
    const template = mayVary ? templateOf(value) : undefined;
    const test = template === undefined ? testOf(operator, value) : varying(operator, template);
    const unknown = template?.keys.find((key) => !isKnownKey(key));
    if (unknown !== undefined)
      unknownIn(compiling, 'policy variable', `\${${unknown}}`, !isKeyOfOurs(unknown));
    else if (test === undefined) unknownIn(compiling, 'condition value', value);
    if (unknown !== undefined || test === undefined) return undefined;
    tests.push(test);
  }
  return tests;
}

function testOf(operator: Operator, value: string): Test | undefined {
  return operator.testFor(value, operator.takes === 'pattern' ? wildcardOf(value) : noPattern);
}

/** A variable without a value fits nothing. */
function varying(operator: Operator, template: Template): ValueTest {
  return (value, valuesOf) => {
    const text = template.text(valuesOf);
    const pattern = operator.takes === 'pattern' ? template.pattern(valuesOf) : noPattern;
    if (text === undefined || pattern === undefined) return false;
    return operator.testFor(text, pattern)?.(value) ?? false;
  };
}

/** Notes what is not known. What it says counts as true of a Deny, and as false of an Allow. */
function unknownIn(
  { effect, unknown }: Compiling,
  kind: Unknown['kind'],
  name: string,
  isForeign = false,
): Condition {
  unknown.push({ kind, name, isForeign });
  return always(effect === 'Deny');
}

function always(holds: boolean): Condition {
  return () => holds;
}
