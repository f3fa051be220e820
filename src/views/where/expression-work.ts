import type { ASTNode } from '@marcbachmann/cel-js';
import type { DecodedRecord } from '../view.ts';

/** How the work of an expression grows with a record. */
export type Loops = {
  /** How deep its loops over lists and maps lie in each other; 0 for none. */
  readonly depth: number;
  /** How many values it brings itself. */
  readonly nodes: number;
  /** How many times it adds something up, where names stand for what was: each may double a list. */
  readonly doublings: number;
  /** Whether it makes lists of texts, which may be as long as the text. */
  readonly splits: boolean;
};

/** CEL has no other loops than these, and no recursion, so an expression's work is bounded by them. */
export function loopsOf(root: ASTNode): Loops {
  let nodes = 0;
  let additions = 0;
  let binds = false;
  let splits = false;
  const depthAt = (node: ASTNode): number => {
    nodes++;
    if (node.op === '+') additions++;
    const [name] = node.op === 'rcall' ? node.args : [];
    if (name === 'split') splits = true;
    if (name === 'bind') binds = true;
    const inside = Math.max(0, ...childrenOf(node).map(depthAt));
    return name !== undefined && loopNames.has(name) ? inside + 1 : inside;
  };
  const depth = depthAt(root);
  return { depth, nodes, doublings: binds || depth > 0 ? additions : 0, splits };
}

/** cel-spec, "Macros". */
const loopNames: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

function childrenOf(node: ASTNode): readonly ASTNode[] {
  return nodesIn(node.args);
}

/** Arguments are nodes, names and literals, in lists that may lie in each other. */
function nodesIn(argument: unknown): readonly ASTNode[] {
  if (Array.isArray(argument)) return argument.flatMap(nodesIn);
  return isNode(argument) ? [argument] : [];
}

function isNode(argument: unknown): argument is ASTNode {
  return typeof argument === 'object' && argument !== null && 'op' in argument && 'args' in argument;
}

/**
 * Whether a record is small enough for the loops: what lies in a list is looked at as often as there are
 * items in all loops around it, and a list may be as long as all that is added up.
 */
export function isWithinWork(loops: Loops, record: DecodedRecord): boolean {
  const { depth, nodes, doublings, splits } = loops;
  if (depth < 2 && doublings === 0) return true;
  const longest = nodes + valuesIn(record.body) + (splits ? record.data.length : 0);
  return (longest * 2 ** doublings) ** Math.max(1, depth) <= stepsMax;
}

/** A few seconds. */
const stepsMax = 1e8;

function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const inner of Object.values(value)) count += valuesIn(inner);
  return count;
}
