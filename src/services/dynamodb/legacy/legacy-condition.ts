import type { Condition } from '../expressions/condition.ts';
import type { KeyCondition, KeySchema } from '../expressions/key-condition.ts';
import type { LooseValue } from '../values/attribute-value.ts';

/** A member of KeyConditions, QueryFilter and ScanFilter, as the wire has it. */
export type LegacyCondition = {
  readonly ComparisonOperator: string;
  readonly AttributeValueList?: readonly LooseValue[] | undefined;
};

/** A member of Expected, as the wire has it. KCL 1 sends `Value` together with `ComparisonOperator`. */
export type ExpectedValue = {
  readonly Value?: LooseValue | undefined;
  readonly Exists?: boolean | undefined;
  readonly ComparisonOperator?: string | undefined;
  readonly AttributeValueList?: readonly LooseValue[] | undefined;
};

export type ConditionalOperator = 'AND' | 'OR' | undefined;

/** What Expected asks; undefined when it is empty. Throws a ValidationException with AWS's text. */
export function conditionOfExpected(
  expected: Readonly<Record<string, ExpectedValue>>,
  operator: ConditionalOperator,
): Condition | undefined {
  throw new Error(`soon: ${expected} ${operator}`);
}

/** What QueryFilter or ScanFilter asks; undefined when it is empty. Throws a ValidationException. */
export function conditionOfFilter(
  filter: Readonly<Record<string, LegacyCondition>>,
  operator: ConditionalOperator,
): Condition | undefined {
  throw new Error(`soon: ${filter} ${operator}`);
}

/** What KeyConditions look for. Throws a ValidationException. */
export function keyConditionOfLegacy(
  conditions: Readonly<Record<string, LegacyCondition>>,
  schema: KeySchema,
): KeyCondition {
  throw new Error(`soon: ${conditions} ${schema}`);
}
