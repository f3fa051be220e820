import type { JqValue } from './jq-value.ts';

/** A program of jq, as it was read (jq 1.6 manual). */
export type JqNode =
  | { readonly kind: 'identity' }
  | { readonly kind: 'literal'; readonly value: JqValue }
  /** Text with what is between `\(` and `)` in it, each as `format` says. */
  | { readonly kind: 'text'; readonly format: string; readonly parts: readonly (string | JqNode)[] }
  | { readonly kind: 'format'; readonly format: string }
  /** With `isOptional`, what cannot be indexed has no answer; errors of what is indexed stay errors. */
  | { readonly kind: 'index'; readonly of: JqNode; readonly at: JqNode; readonly isOptional: boolean }
  | {
      readonly kind: 'slice';
      readonly of: JqNode;
      readonly from: JqNode | undefined;
      readonly to: JqNode | undefined;
      readonly isOptional: boolean;
    }
  | { readonly kind: 'each'; readonly of: JqNode; readonly isOptional: boolean }
  | { readonly kind: 'try'; readonly body: JqNode; readonly caught: JqNode | undefined }
  | { readonly kind: 'pipe' | 'comma' | 'alternative'; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: 'and' | 'or'; readonly left: JqNode; readonly right: JqNode }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | { readonly kind: 'negate'; readonly of: JqNode }
  | { readonly kind: 'if'; readonly condition: JqNode; readonly whenTrue: JqNode; readonly otherwise: JqNode }
  | { readonly kind: 'array'; readonly body: JqNode | undefined }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: JqNode, value: JqNode])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly JqNode[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'bind'; readonly source: JqNode; readonly name: string; readonly body: JqNode }
  | {
      readonly kind: 'reduce';
      readonly source: JqNode;
      readonly name: string;
      readonly initial: JqNode;
      readonly update: JqNode;
    };

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=';
