/** A node of a statement or a plan, of any kind. */
export type SyntaxNode = { [member: string]: unknown };

/** A value and all that is in it, as far as it is objects; before what is in them. */
export function nodesIn(value: unknown): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  visit(value, (node) => nodes.push(node));
  return nodes;
}

function visit(value: unknown, see: (node: SyntaxNode) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) see(value as SyntaxNode);
  for (const inner of Object.values(value)) visit(inner, see);
}
