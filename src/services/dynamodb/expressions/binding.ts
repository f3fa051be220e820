import type { ServiceError } from '../../../wire/service-error.ts';
import { type AttributeValue, typeOf } from '../values/attribute-value.ts';
import { type ExpressionKind, invalidExpression } from './expression-error.ts';
import { type Path, pathText } from './path.ts';
import type { Substitutions } from './substitutions.ts';
import type { PathSyntax, ValueSyntax } from './syntax.ts';

// DynamoDB developer guide, "Quotas", expression parameters.
const pathDepthMax = 32;
const operatorsMax = 300;

/** Puts names and values into what a text says. */
export class Binding {
  readonly #kind: ExpressionKind;
  readonly #substitutions: Substitutions;

  constructor(kind: ExpressionKind, substitutions: Substitutions) {
    this.#kind = kind;
    this.#substitutions = substitutions;
  }

  path({ parts }: PathSyntax): Path {
    const path = parts.map((part) => (typeof part === 'number' ? part : this.#name(part)));
    if (path.length > pathDepthMax) {
      throw this.error(`The document path has too many nesting levels; nesting levels: ${path.length}`);
    }
    const [first, ...rest] = path;
    return [String(first), ...rest];
  }

  value({ name }: ValueSyntax): AttributeValue {
    const value = this.#substitutions.value(name);
    if (value !== undefined) return value;
    throw this.error(
      `An expression attribute value used in expression is not defined; attribute value: ${name}`,
    );
  }

  requireOperands(operator: string, operands: readonly unknown[], count: number): void {
    if (operands.length === count) return;
    throw this.error(
      `Incorrect number of operands for operator or function; operator or function: ${operator}, ` +
        `number of operands: ${operands.length}`,
    );
  }

  requireFewOperators(count: number): void {
    if (count <= operatorsMax) return;
    throw this.error(`The expression contains too many operators; operator count: ${operatorsMax + 1}`);
  }

  sameOperand(operator: string, path: Path): ServiceError {
    return this.error(
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        `operator: ${operator}, first operand: ${pathText(path)}`,
    );
  }

  needsPath(operator: string): ServiceError {
    return this.error(`Operator or function requires a document path; operator or function: ${operator}`);
  }

  wrongType(operator: string, type: string): ServiceError {
    return this.error(
      `Incorrect operand type for operator or function; operator or function: ${operator}, ` +
        `operand type: ${type}`,
    );
  }

  error(problem: string): ServiceError {
    return invalidExpression(this.#kind, problem);
  }

  #name(part: string): string {
    if (!part.startsWith('#')) return part;
    const name = this.#substitutions.name(part);
    if (name !== undefined) return name;
    throw this.error(
      `An expression attribute name used in the document path is not defined; attribute name: ${part}`,
    );
  }
}

/** As AWS shows one in its errors. */
export function valueText(value: AttributeValue): string {
  return `AttributeValue: {${typeOf(value)}:${shown(value)}}`;
}

function shown(value: AttributeValue): string {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? value.B.toString('base64') : '';
}
