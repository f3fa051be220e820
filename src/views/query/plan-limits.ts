import type { QueryPlan, Statement } from 'squirreling';
import { ViewError } from '../view-error.ts';
import { nodesIn } from './syntax.ts';

/** Whether rows have to be held before the first one is answered. */
export function holdsRows(plan: QueryPlan, statement: Statement): boolean {
  return plansIn(plan).some(({ type }) => holding.has(type)) || hasSubqueries(statement);
}

const holding: ReadonlySet<QueryPlan['type']> = new Set([
  'Sort',
  'Distinct',
  'HashAggregate',
  'ScalarAggregate',
  'HashJoin',
  'NestedLoopJoin',
  'PositionalJoin',
  'SetOperation',
  'Window',
]);

/** Whether there are statements in its expressions. */
export function hasSubqueries(statement: Statement): boolean {
  return subqueriesIn(statement).length > 0;
}

/** Throws `ViewError` for what would compare each row with each other one. */
export function requireBearable(plan: QueryPlan, statement: Statement): void {
  const crosses = plansIn(plan).find((one) => one.type === 'NestedLoopJoin' && one.lateral !== true);
  const joins = subqueriesIn(statement).flatMap((subquery) =>
    nodesIn(subquery).filter((node) => 'joinType' in node && node['fromFunction'] === undefined),
  );
  if (crosses !== undefined || joins.length > 0)
    throw new ViewError('records are joined by equal values alone, as in a JOIN b ON a.key = b.key');
}

/**
 * The columns that are used of rows behind the condition: `SELECT COUNT(*)` uses none, whatever it is about.
 * Undefined where that is not plain to see.
 */
export function heldColumns(statement: Statement): ReadonlySet<string> | undefined {
  if (statement.type !== 'select' || statement.from.type !== 'table' || statement.joins.length > 0)
    return undefined;
  const { columns, groupBy, having, orderBy, distinct } = statement;
  if (distinct || columns.some(({ type }) => type === 'star') || hasSubqueries(statement)) return undefined;
  const used = nodesIn([columns, groupBy, having, orderBy]).filter(({ type }) => type === 'identifier');
  return new Set(used.map(({ name }) => String(name)));
}

/** All plans in a plan. */
function plansIn(plan: QueryPlan): readonly QueryPlan[] {
  return nodesIn(plan).filter((node): node is QueryPlan & typeof node => planTypes.has(String(node['type'])));
}

const planTypes: ReadonlySet<string> = new Set([
  ...holding,
  'Scan',
  'Count',
  'Filter',
  'Project',
  'Limit',
  'TableFunction',
]);

/** Statements in expressions, which are carried out for rows. */
function subqueriesIn(statement: Statement): readonly unknown[] {
  return nodesIn(statement).flatMap((node) => ('subquery' in node ? [node['subquery']] : []));
}
