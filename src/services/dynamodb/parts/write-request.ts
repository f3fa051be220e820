import type { Caller } from '../../../access/caller.ts';
import { type Condition, conditionOf } from '../expressions/condition.ts';
import { Substitutions } from '../expressions/substitutions.ts';
import { type Update, updateOf } from '../expressions/update.ts';
import { type AttributeUpdate, updateOfLegacy } from '../legacy/attribute-updates.ts';
import { conditionOfExpected, type ExpectedValue } from '../legacy/legacy-condition.ts';
import type { LooseItem } from '../values/attribute-value.ts';
import { checkedItem } from '../values/checked-value.ts';
import type { DynamodbWorld } from '../world.ts';
import { requireForm } from './forms.ts';
import { tableNamed } from './table-target.ts';
import { requireItemSize, type Write } from './write.ts';

/** What a write may depend on, in both forms. */
type Conditional = {
  readonly TableName: string;
  readonly ConditionExpression?: string | undefined;
  readonly Expected?: Readonly<Record<string, ExpectedValue>> | undefined;
  readonly ConditionalOperator?: 'AND' | 'OR' | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: LooseItem | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
};
type Put = Conditional & { readonly Item: LooseItem };
type Keyed = Conditional & { readonly Key: LooseItem };
type UpdateRequest = Keyed & {
  readonly UpdateExpression?: string | undefined;
  readonly AttributeUpdates?: Readonly<Record<string, AttributeUpdate>> | undefined;
};

type Reader = Pick<DynamodbWorld, 'expressions'>;
type Whose = Pick<Caller, 'account' | 'region'>;

const conditionForms = {
  expressions: ['ConditionExpression'],
  legacy: ['ConditionalOperator', 'Expected'],
};

/** Checks run in AWS's order, up to what only the table tells. Throws a ValidationException. */
export function putOf(world: Reader, request: Put, caller: Whose): Write {
  requireForm(request, conditionForms);
  const item = checkedItem(request.Item);
  requireItemSize(item);
  return { kind: 'put', ...common(request, caller), item, ...readExpressions(world, request) };
}

export function deleteOf(world: Reader, request: Keyed, caller: Whose): Write {
  requireForm(request, conditionForms);
  const item = checkedItem(request.Key);
  return { kind: 'delete', ...common(request, caller), item, ...readExpressions(world, request) };
}

export function checkOf(world: Reader, request: Keyed, caller: Whose): Write {
  return { ...deleteOf(world, request, caller), kind: 'check' };
}

const updateForms = {
  expressions: ['UpdateExpression', 'ConditionExpression'],
  legacy: ['AttributeUpdates', 'ConditionalOperator', 'Expected'],
};

export function updateRequestOf(world: Reader, request: UpdateRequest, caller: Whose): Write {
  requireForm(request, updateForms);
  const item = checkedItem(request.Key);
  return { kind: 'update', ...common(request, caller), item, ...readExpressions(world, request) };
}

function common(request: Conditional, caller: Whose): Pick<Write, 'table' | 'showsItem'> {
  return {
    table: tableNamed(request.TableName, caller),
    showsItem: request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

/** Both expressions share the substitutions, of which none may be left over. */
function readExpressions(
  { expressions: cache }: Reader,
  request: Conditional & Pick<UpdateRequest, 'UpdateExpression' | 'AttributeUpdates'>,
): Pick<Write, 'condition' | 'update'> {
  const { ConditionExpression, UpdateExpression, AttributeUpdates } = request;
  if (ConditionExpression === undefined && UpdateExpression === undefined) {
    const update = AttributeUpdates && updateOfLegacy(AttributeUpdates);
    return { update, condition: conditionOfExpected(request.Expected, request.ConditionalOperator) };
  }
  const { ExpressionAttributeNames, ExpressionAttributeValues } = request;
  const substitutions = new Substitutions(ExpressionAttributeNames, ExpressionAttributeValues);
  const update: Update | undefined =
    UpdateExpression === undefined ? undefined : updateOf(UpdateExpression, substitutions, cache);
  const condition: Condition | undefined =
    ConditionExpression === undefined
      ? undefined
      : conditionOf(ConditionExpression, 'ConditionExpression', substitutions, cache);
  substitutions.requireAllUsed();
  return { update, condition };
}
