import type { TableSchema } from '../../iceberg/table-schema.ts';
import { type DraftField, type DraftType, decimalOf, schemaDepthMax, schemaOfDraft } from './schema-draft.ts';
import { SchemaError } from './schema-error.ts';

/** A column of a table in Glue's Data Catalog. */
export type GlueColumn = {
  readonly Name: string;
  readonly Type?: string | undefined;
  readonly Comment?: string | undefined;
};

/**
 * The schema that Glue's columns say, in Hive's types; each may be null. `uniontype` and intervals are
 * refused: Parquet has none. Throws `SchemaError`.
 *
 *     type   = name [ "(" number [ "," number ] ")" ]
 *            | "array" "<" type ">" | "map" "<" type "," type ">"
 *            | "struct" "<" field ":" type { "," field ":" type } ">"
 */
export function schemaOfGlueColumns(columns: readonly GlueColumn[]): TableSchema {
  return schemaOfDraft(
    columns.map(({ Name, Type, Comment }) => ({
      name: Name,
      required: false,
      type: new TypeReader(Type ?? '', `Column ${Name}`).read(),
      doc: Comment,
    })),
  );
}

class TypeReader {
  readonly #text: string;
  readonly #what: string;
  #at = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  read(): DraftType {
    const type = this.#type(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#error();
    return type;
  }

  #type(depth: number): DraftType {
    if (depth > schemaDepthMax) {
      throw new SchemaError(
        `${this.#what} has types in each other that are more than ${schemaDepthMax} deep.`,
      );
    }
    const name = this.#word(/[A-Za-z_]+/y).toLowerCase();
    switch (name) {
      case 'array': {
        this.#expect('<');
        const element = this.#type(depth + 1);
        this.#expect('>');
        return { kind: 'list', element };
      }
      case 'map': {
        this.#expect('<');
        const key = this.#keyType(depth + 1);
        this.#expect(',');
        const value = this.#type(depth + 1);
        this.#expect('>');
        return { kind: 'map', key, value };
      }
      case 'struct':
        return this.#struct(depth + 1);
      default:
        return this.#primitive(name);
    }
  }

  #keyType(depth: number): DraftType {
    const key = this.#type(depth);
    if (key.kind === 'struct' || key.kind === 'list' || key.kind === 'map') {
      throw new SchemaError(`${this.#what} has a map whose keys are no simple values.`);
    }
    return key;
  }

  #struct(depth: number): DraftType {
    const fields: DraftField[] = [];
    this.#expect('<');
    do {
      const name = this.#word(/`[^`]+`|[^:,<>`\s]+/y).replaceAll('`', '');
      this.#expect(':');
      fields.push({ name, required: false, type: this.#type(depth) });
    } while (this.#takes(','));
    this.#expect('>');
    return { kind: 'struct', fields };
  }

  #primitive(name: string): DraftType {
    const numbers = this.#numbers();
    switch (name) {
      case 'boolean':
      case 'float':
      case 'double':
      case 'string':
      case 'binary':
      case 'date':
      case 'timestamp':
        return { kind: name };
      case 'tinyint':
      case 'smallint':
      case 'int':
      case 'integer':
        return { kind: 'int' };
      case 'bigint':
      case 'long':
        return { kind: 'long' };
      case 'char':
      case 'varchar':
        return { kind: 'string' };
      case 'timestamptz':
        return { kind: 'timestamptz' };
      case 'decimal':
      case 'numeric':
        // Hive's DECIMAL is DECIMAL(10,0).
        return decimalOf(numbers[0] ?? 10, numbers[1] ?? 0, this.#what);
      default:
        throw new SchemaError(`${this.#what} has the type ${name}, which Parquet is not written with.`);
    }
  }

  #numbers(): number[] {
    const numbers: number[] = [];
    if (!this.#takes('(')) return numbers;
    do numbers.push(Number(this.#word(/\d{1,9}/y)));
    while (this.#takes(','));
    this.#expect(')');
    return numbers;
  }

  #word(pattern: RegExp): string {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const word = pattern.exec(this.#text)?.[0];
    if (word === undefined) throw this.#error();
    this.#at += word.length;
    return word;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#error();
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  #error(): SchemaError {
    return new SchemaError(
      `${this.#what} has a type that is not understood at character ${this.#at + 1}: ${this.#text.slice(0, 200)}`,
    );
  }
}
