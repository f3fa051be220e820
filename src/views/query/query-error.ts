import type { Statement } from 'squirreling';
import { didYouMean } from '../nearest.ts';
import { ViewError } from '../view-error.ts';
import { nodesIn } from './syntax.ts';

/** What was read of a query, as far as it was. */
type Place = {
  readonly positionIn: (position: number) => number;
  readonly statement?: Statement;
};

/**
 * What is wrong with a query, for whoever typed it. What is no error of a query stays as it is.
 */
export function queryError(error: unknown, columns: readonly string[], place: Place): unknown {
  if (!(error instanceof Error) || error instanceof ViewError) return error;
  const { message } = error;
  const [, column] = /^Column "(.*?)" not found/s.exec(message) ?? [];
  // The library says where its table is.
  const position = column === undefined ? positionOf(error) : columnPosition(column, place.statement);
  const shown = position === undefined ? undefined : place.positionIn(position);
  if (column !== undefined) return new ViewError(columnSentence(column, columns), shown);
  return new ViewError(sentence(message.replace(/ at position \d+/, '')), shown);
}

/** In the text that the library was given. */
function positionOf(error: Error): number | undefined {
  return 'positionStart' in error && typeof error.positionStart === 'number'
    ? error.positionStart
    : undefined;
}

function columnPosition(column: string, statement: Statement | undefined): number | undefined {
  const named = nodesIn(statement).find(
    ({ type, name, prefix }) => type === 'identifier' && (name === column || `${prefix}.${name}` === column),
  );
  return named && Number(named['positionStart']);
}

function columnSentence(column: string, columns: readonly string[]): string {
  const known = `there are ${columns.join(', ')}, and fields of a body, as in body.${column}`;
  return `there is no column ${column}${didYouMean(column, columns)}; ${known}`;
}

/** The library's sentences are told from each other by their beginnings; others are said as they are. */
function sentence(message: string): string {
  const [, table] = /^Table "(.*?)" not found/s.exec(message) ?? [];
  if (table !== undefined) return `there is no table ${table}; the table is records`;
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
