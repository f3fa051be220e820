import { parseSql, type Statement } from 'squirreling';
import { ViewError } from '../view-error.ts';
import { fieldFunction, fieldFunctions, stepsOf, withFieldCalls } from './body-fields.ts';
import { queryError } from './query-error.ts';
import { wholeTime } from './scan-bounds.ts';
import { nodesIn, type SyntaxNode } from './syntax.ts';

export type ReadQuery = {
  readonly statement: Statement;
  /** Where in what was typed a place of the statement is. */
  readonly positionIn: (position: number) => number;
};

/** Reads a query. `ViewError` where it is none. */
export function readQuery(sql: string): ReadQuery {
  if (sql.length > charactersMax) throw new ViewError(`the query is longer than ${charactersMax} characters`);
  let positionIn = (position: number) => position;
  try {
    const typed = withFieldCalls(sql);
    positionIn = typed.positionIn;
    const statement = parseSql({ query: typed.sql, functions: fieldFunctions });
    for (const node of nodesIn(statement)) {
      nameField(node);
      writeTimesWhole(node);
    }
    return { statement, positionIn };
  } catch (error) {
    throw queryError(error, [], { positionIn });
  }
}

const charactersMax = 10_000;

/** A column that is a field is called as its last step is. */
function nameField(node: SyntaxNode): void {
  const { type, expr, alias } = node;
  if (type !== 'derived' || alias !== undefined || !isCall(expr)) return;
  node['alias'] = String(stepsOf(String(expr.args[1]?.value)).at(-1));
}

type Call = { readonly funcName: string; readonly args: readonly { readonly value?: unknown }[] };

function isCall(expr: unknown): expr is Call {
  return typeof expr === 'object' && expr !== null && 'funcName' in expr && expr.funcName === fieldFunction;
}

/** Times are compared as texts, so those that are typed are to have all digits that a time has. */
function writeTimesWhole(node: SyntaxNode): void {
  if (node['type'] === 'binary') {
    if (isTime(node['left'])) writeWhole(node['right']);
    if (isTime(node['right'])) writeWhole(node['left']);
  }
  if (node['type'] === 'in valuelist' && isTime(node['expr']))
    (node['values'] as unknown[]).forEach(writeWhole);
}

function isTime(node: unknown): boolean {
  const { type, name } = node as SyntaxNode;
  return type === 'identifier' && name === 'time';
}

function writeWhole(node: unknown): void {
  const literal = node as SyntaxNode;
  if (literal['type'] !== 'literal' || typeof literal['value'] !== 'string') return;
  literal['value'] = wholeTime(literal['value']) ?? literal['value'];
}
