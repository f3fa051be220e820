import { ServiceError } from '../../../wire/service-error.ts';
import type { AttributeValue, LooseItem, LooseValue } from '../values/attribute-value.ts';
import { checkedName, checkedValue } from '../values/checked-value.ts';
import { validationError } from '../values/validation-error.ts';

/**
 * ExpressionAttributeNames and ExpressionAttributeValues of one request, shared by its expressions. It knows
 * which of them were used.
 */
export class Substitutions {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #used = new Set<string>();

  /** Throws a ValidationException for keys and values that are malformed, and for empty maps. */
  constructor(names: Readonly<Record<string, string>> | undefined, values: LooseItem | undefined) {
    this.#names = checkedMap('ExpressionAttributeNames', nameForm, names, checkedName);
    this.#values = checkedMap('ExpressionAttributeValues', valueForm, values, (value: LooseValue) =>
      checkedValue(value),
    );
  }

  /** Of `#name`. */
  name(key: string): string | undefined {
    this.#used.add(key);
    return this.#names.get(key);
  }

  /** Of `:value`. */
  value(key: string): AttributeValue | undefined {
    this.#used.add(key);
    return this.#values.get(key);
  }

  /** Once all expressions were read. Throws a ValidationException that lists those that none of them uses. */
  requireAllUsed(): void {
    if (this.#used.size === this.#names.size + this.#values.size) return;
    this.#requireUsed('ExpressionAttributeNames', this.#names);
    this.#requireUsed('ExpressionAttributeValues', this.#values);
  }

  #requireUsed(parameter: string, map: ReadonlyMap<string, unknown>): void {
    const unused = [...map.keys()].filter((key) => !this.#used.has(key));
    if (unused.length === 0) return;
    throw validationError(
      `Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`,
    );
  }
}

const nameForm = /^#[A-Za-z0-9_]+$/;
const valueForm = /^:[A-Za-z0-9_]+$/;

function checkedMap<Loose, Checked>(
  parameter: string,
  keyForm: RegExp,
  map: Readonly<Record<string, Loose>> | undefined,
  check: (value: Loose) => Checked,
): ReadonlyMap<string, Checked> {
  const checked = new Map<string, Checked>();
  if (map === undefined) return checked;
  for (const key of Object.keys(map)) {
    if (!keyForm.test(key)) {
      throw validationError(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
    }
    try {
      checked.set(key, check(map[key]!));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw validationError(`${parameter} contains invalid value: ${error.message} for key ${key}`);
    }
  }
  if (checked.size === 0) throw validationError(`${parameter} must not be empty`);
  return checked;
}
