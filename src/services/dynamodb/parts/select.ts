import { invalid, invalidValue } from '../errors.ts';
import type { Condition } from '../expressions/condition.ts';
import { namesIn } from '../expressions/condition-paths.ts';
import type { Projection } from '../expressions/projection.ts';
import type { SecondaryIndex, Table } from '../tables/table.ts';
import { partsOf } from './key-check.ts';

/** What a Query or a Scan says of what it wants of each item. */
export type Selecting = {
  readonly Select?: Select | undefined;
  readonly IndexName?: string | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
  readonly ProjectionExpression?: string | undefined;
};

type Select = 'SPECIFIC_ATTRIBUTES' | 'COUNT' | 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES';

/** Refuses what does not fit together, as far as the table need not be known. */
export function requireSelectable(request: Selecting): void {
  const { Select: select, IndexName, AttributesToGet, ProjectionExpression } = request;
  if (select === undefined) return;
  const named =
    (ProjectionExpression !== undefined && 'ProjectionExpression') || (AttributesToGet && 'AttributesToGet');
  if (select === 'SPECIFIC_ATTRIBUTES') {
    if (named) return;
    throw invalid(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (named) {
    const what = select === 'COUNT' ? 'only the Count' : select;
    throw invalid(`Cannot specify the ${named} when choosing to get ${what}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
}

/**
 * Whether items are answered from the table, though an index is read that has not all of them. Only a local
 * index does that.
 */
export function fetchesOf(
  table: Table,
  index: SecondaryIndex | undefined,
  { Select: select }: Selecting,
  projection: Projection | undefined,
  filter: Condition | undefined,
): boolean {
  if (index === undefined || index.projection.type === 'ALL') return false;
  const isGlobal = index.kind === 'global';
  if (select === 'ALL_ATTRIBUTES') {
    if (!isGlobal) return true;
    throw invalidValue(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its ` +
        'projection type is not ALL',
    );
  }
  const has = new Set([
    ...[...partsOf(table.keySchema), ...partsOf(index.keySchema)].map(({ name }) => name),
    ...index.projection.attributes,
  ]);
  const lacking = (projection?.paths ?? []).map(([name]) => name).filter((name) => !has.has(name));
  if (isGlobal && lacking.length > 0) {
    throw invalidValue(`Global secondary index ${index.name} does not project [${lacking.join(', ')}]`);
  }
  return !isGlobal && (lacking.length > 0 || namesIn(filter).some((name) => !has.has(name)));
}

/** How many operators and functions a condition has. */
export function operatorsIn(condition: Condition | undefined): number {
  if (condition === undefined) return 0;
  if (condition.kind === 'not') return 1 + operatorsIn(condition.condition);
  if (condition.kind === 'in') return condition.among.length;
  if (condition.kind !== 'and' && condition.kind !== 'or') return 1;
  return 1 + operatorsIn(condition.left) + operatorsIn(condition.right);
}
