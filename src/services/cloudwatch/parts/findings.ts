import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidCombination, invalidValue, missingParameter } from '../errors.ts';

type Kind = 'missing' | 'invalid' | 'combination';

/** What is wrong with a request, in CloudWatch's words: a line for each parameter. */
export class Findings {
  readonly #lines: Readonly<Record<Kind, string[]>> = { missing: [], invalid: [], combination: [] };

  /** The value, or a finding that there is none. An empty text is none. */
  required<Value>(name: string, value: Value | undefined): Value | undefined {
    const isMissing = value === undefined || (typeof value === 'string' && value.trim() === '');
    if (!isMissing) return value;
    this.#lines.missing.push(`The parameter ${name} is required.`);
    return undefined;
  }

  missing(text: string): void {
    this.#lines.missing.push(text);
  }

  invalid(text: string): void {
    this.#lines.invalid.push(text);
  }

  /** A value that cannot be. */
  invalidValue(name: string, value: string): void {
    this.invalid(`The value ${value} for parameter ${name} is invalid.`);
  }

  excluded(left: string, right: string): void {
    const text = `The parameters ${left} and ${right} are mutually exclusive and you have specified both.`;
    this.#lines.combination.push(text);
  }

  /** A text of a bounded length. */
  text(name: string, value: string | undefined, max: number): string | undefined {
    const text = this.required(name, value);
    if (text === undefined || text.length <= max) return text;
    this.invalid(`The parameter ${name} must be shorter than ${max + 1} characters.`);
    return undefined;
  }

  /** A list of a bounded length. */
  list(name: string, { length }: { readonly length: number }, max: number): void {
    if (length > max) this.invalid(`The collection ${name} must not have a size greater than ${max}.`);
  }

  oneOf(name: string, value: string, values: readonly string[]): void {
    if (values.includes(value)) return;
    this.invalid(`The parameter ${name} must be a value in the set [ ${values.join(', ')} ].`);
  }

  /** Throws what was found; only one kind of it, and no more of that than a client can read. */
  raise(): void {
    const { missing, invalid, combination } = this.#lines;
    if (missing.length > 0) throw missingParameter(told(missing));
    if (combination.length > 0) throw invalidCombination(told(combination));
    if (invalid.length > 0) throw invalidValue(told(invalid));
  }

  /** The same for an operation that calls all of it by one name. */
  raiseAs(errorOf: (message: string) => ServiceError): void {
    const { missing, invalid, combination } = this.#lines;
    const all = [...missing, ...combination, ...invalid];
    if (all.length > 0) throw errorOf(told(all));
  }
}

const linesMax = 100;

function told(lines: readonly string[]): string {
  return lines.slice(0, linesMax).join('\n');
}
