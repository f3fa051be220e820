import type { ExprNode } from 'squirreling';
import type { ScanBounds } from './run-query.ts';

/**
 * What a condition says of times and shards, as far as all of its parts have to hold: bounds that may be
 * wider than it is, and never narrower.
 */
export function boundsOf(where: ExprNode | undefined, limit: number | undefined): ScanBounds {
  let bounds: ScanBounds = { from: undefined, end: undefined, shards: undefined, limit };
  for (const part of partsOf(where)) bounds = narrowed(bounds, part);
  return bounds;
}

function partsOf(where: ExprNode | undefined): readonly ExprNode[] {
  if (where === undefined) return [];
  if (where.type === 'binary' && where.op === 'AND') return [...partsOf(where.left), ...partsOf(where.right)];
  return [where];
}

function narrowed(bounds: ScanBounds, part: ExprNode): ScanBounds {
  if (part.type === 'in valuelist' && isColumn(part.expr, 'shard')) {
    const values = part.values.map(textOf);
    const known = values.filter((value) => value !== undefined);
    return known.length === values.length ? amongShards(bounds, known) : bounds;
  }
  if (part.type !== 'binary') return bounds;
  const { op, left, right } = part;
  const value = textOf(right);
  if (value !== undefined && isColumn(left, 'shard') && isEqual(op)) return amongShards(bounds, [value]);
  if (value !== undefined && isColumn(left, 'time')) return atTime(bounds, op, value);
  const turned = textOf(left);
  if (turned === undefined) return bounds;
  if (isColumn(right, 'shard') && isEqual(op)) return amongShards(bounds, [turned]);
  return isColumn(right, 'time') ? atTime(bounds, mirrored[op] ?? op, turned) : bounds;
}

const isEqual = (op: string) => op === '=' || op === '==';

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function amongShards(bounds: ScanBounds, shards: readonly string[]): ScanBounds {
  const { shards: before } = bounds;
  return {
    ...bounds,
    shards: before === undefined ? shards : before.filter((shard) => shards.includes(shard)),
  };
}

function atTime(bounds: ScanBounds, op: string, text: string): ScanBounds {
  const whole = wholeTime(text);
  if (whole === undefined) return bounds;
  const time = Date.parse(whole);
  const from = Math.max(bounds.from ?? time, time);
  const end = Math.min(bounds.end ?? time + 1, time + 1);
  if (isEqual(op)) return { ...bounds, from, end };
  if (op === '>' || op === '>=') return { ...bounds, from };
  return op === '<' || op === '<=' ? { ...bounds, end } : bounds;
}

function isColumn(node: ExprNode, name: string): boolean {
  return node.type === 'identifier' && node.name === name;
}

function textOf(node: ExprNode): string | undefined {
  return node.type === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}

/**
 * A date, or a time with or without its zone, UTC otherwise, as the column has it; undefined for anything
 * else.
 */
export function wholeTime(text: string): string | undefined {
  const [, date, clock = '00:00', zone = 'Z'] = timePattern.exec(text) ?? [];
  if (date === undefined) return undefined;
  const time = new Date(`${date}T${clock}${zone}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

const timePattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/;
