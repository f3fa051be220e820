import type { Condition, Operand } from '../../../../src/services/dynamodb/expressions/condition.ts';
import type { Path } from '../../../../src/services/dynamodb/expressions/path.ts';
import { Substitutions } from '../../../../src/services/dynamodb/expressions/substitutions.ts';
import type { AttributeValue, LooseItem } from '../../../../src/services/dynamodb/values/attribute-value.ts';

/** A condition as a text, with all names and values put in; with as few parentheses as will do. */
export function condensed(condition: Condition): { text: string; substitutions: () => Substitutions } {
  const printer = new Printer();
  const text = printer.condition(condition, 0);
  return { text, substitutions: () => new Substitutions(printer.names, printer.values) };
}

const precedence = { or: 1, and: 2, not: 3 };

class Printer {
  names: Record<string, string> | undefined;
  values: LooseItem | undefined;
  #count = 0;

  condition(condition: Condition, atLeast: number): string {
    switch (condition.kind) {
      case 'or':
      case 'and': {
        const own = precedence[condition.kind];
        const { left, right } = condition;
        // The right side of a chain would be read as a part of the left one.
        const word = condition.kind.toUpperCase();
        const text = `${this.condition(left, own)} ${word} ${this.condition(right, own + 1)}`;
        return own < atLeast ? `(${text})` : text;
      }
      case 'not':
        return `NOT ${this.condition(condition.condition, precedence.not)}`;
      case 'compare':
        return `${this.operand(condition.left)} ${condition.comparator} ${this.operand(condition.right)}`;
      case 'between':
        return `${this.operand(condition.operand)} BETWEEN ${this.operand(condition.low)} AND ${this.operand(condition.high)}`;
      case 'in':
        return `${this.operand(condition.operand)} IN (${condition.among.map((each) => this.operand(each)).join(', ')})`;
      case 'exists':
        return `attribute_exists(${this.#path(condition.path)})`;
      case 'not-exists':
        return `attribute_not_exists(${this.#path(condition.path)})`;
      case 'type':
        return `attribute_type(${this.operand(condition.operand)}, ${this.#value({ S: condition.type })})`;
      case 'begins-with':
        return `begins_with(${this.operand(condition.left)}, ${this.operand(condition.right)})`;
      case 'contains':
        return `contains(${this.operand(condition.left)}, ${this.operand(condition.right)})`;
    }
  }

  operand(operand: Operand): string {
    if (operand.kind === 'value') return this.#value(operand.value);
    return operand.kind === 'path' ? this.#path(operand.path) : `size(${this.operand(operand.of)})`;
  }

  #path(path: Path): string {
    const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${this.#name(part)}`));
    return parts.join('').slice(1);
  }

  #name(name: string): string {
    const key = `#n${this.#count++}`;
    this.names = { ...this.names, [key]: name };
    return key;
  }

  #value(value: AttributeValue): string {
    const key = `:v${this.#count++}`;
    this.values = { ...this.values, [key]: value };
    return key;
  }
}
