import type { Comparator } from './condition.ts';

// What a text says, before names and values are put in. It depends on the text alone, so it may be kept.

/**
 * An identifier, a name to be put in (`#n`), or an index of a list. An index that is too large for one is its
 * text in brackets.
 */
export type PathPart = string | number;

export type PathSyntax = { readonly kind: 'path'; readonly parts: readonly PathPart[] };
export type ValueSyntax = { readonly kind: 'value'; readonly name: string };
export type FunctionSyntax = {
  readonly kind: 'function';
  readonly name: string;
  readonly operands: readonly OperandSyntax[];
};
export type OperandSyntax = PathSyntax | ValueSyntax | FunctionSyntax;

export type ConditionNode =
  | { readonly kind: 'and' | 'or'; readonly left: ConditionNode; readonly right: ConditionNode }
  | { readonly kind: 'not'; readonly condition: ConditionNode }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly operands: readonly [OperandSyntax, OperandSyntax];
    }
  | { readonly kind: 'between'; readonly operands: readonly [OperandSyntax, OperandSyntax, OperandSyntax] }
  | { readonly kind: 'in'; readonly operands: readonly [OperandSyntax, ...OperandSyntax[]] }
  | FunctionSyntax;

export type ConditionSyntax = { readonly root: ConditionNode; readonly operators: number };

export type SumSyntax = {
  readonly kind: 'plus' | 'minus';
  readonly left: OperandSyntax;
  readonly right: OperandSyntax;
};
export type SetSource = OperandSyntax | SumSyntax;

export function isSum(source: SetSource): source is SumSyntax {
  return source.kind === 'plus' || source.kind === 'minus';
}

export type ActionSyntax =
  | { readonly kind: 'set'; readonly path: PathSyntax; readonly source: SetSource }
  | { readonly kind: 'remove'; readonly path: PathSyntax }
  | { readonly kind: 'add' | 'delete'; readonly path: PathSyntax; readonly value: ValueSyntax };

export type UpdateSyntax = {
  /** In the order of the text. */
  readonly sections: readonly { readonly name: SectionName; readonly actions: readonly ActionSyntax[] }[];
  readonly operators: number;
};

export type SectionName = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

export type ProjectionSyntax = { readonly paths: readonly PathSyntax[] };
