import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { recordText } from '../record-text.ts';
import type { DecodedRecord, Where } from '../view.ts';
import { ViewError } from '../view-error.ts';
import { isWithinWork, loopsOf } from './expression-work.ts';
import { whereError } from './where-error.ts';

/**
 * Compiles an expression of CEL (cel-spec, "Language Definition"), once for all records. Besides what CEL
 * has, whole numbers and fractions can be computed with each other: numbers of JSON are both. `ViewError`,
 * with the position, where it is none, or never true or false.
 */
export function compileWhere(text: string): Where {
  if (text.length > charactersMax)
    throw new ViewError(`the expression is longer than ${charactersMax} characters`);
  const expression = compiled(text);
  const loops = loopsOf(expression.ast);
  return {
    matches(record) {
      return isWithinWork(loops, record) && isTrue(expression, record);
    },
  };
}

const charactersMax = 10_000;

function compiled(text: string): ParseResult {
  const environment = openEnvironment();
  try {
    const expression = environment.parse(text);
    const { valid, type, error } = expression.check();
    if (!valid) throw error;
    if (type !== 'bool' && type !== 'dyn')
      throw new ViewError(`the expression is ${type}, where it has to be true or false`, 0);
    return expression;
  } catch (error) {
    throw whereError(error, environment, Object.keys(variables));
  }
}

function openEnvironment(): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 1000, maxDepth: 100 },
  });
  for (const [name, { type }] of Object.entries(variables)) environment.registerVariable(name, type);
  for (const [operator, compute] of Object.entries(arithmetic)) {
    const mixed = (left: number | bigint, right: number | bigint) => compute(Number(left), Number(right));
    environment.registerOperator(`double ${operator} int: double`, mixed);
    environment.registerOperator(`int ${operator} double: double`, mixed);
  }
  return environment.registerOperator('double % double', arithmetic['%']);
}

/** CEL's own are of two numbers of one type. */
const arithmetic = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => left / right,
  '%': (left: number, right: number) => left % right,
};

/** What an expression may speak of, and where its value is from. */
export const variables = {
  key: { type: 'string', of: (record: DecodedRecord) => record.partitionKey },
  time: { type: 'google.protobuf.Timestamp', of: ({ arrival }: DecodedRecord) => new Date(arrival) },
  body: { type: 'dyn', of: (record: DecodedRecord) => record.body },
  text: { type: 'string', of: recordText },
  size: { type: 'int', of: ({ data }: DecodedRecord) => BigInt(data.length) },
  shard: { type: 'string', of: (record: DecodedRecord) => record.shardId },
  sequence: { type: 'string', of: (record: DecodedRecord) => record.sequenceNumber },
  forms: { type: 'list<string>', of: (record: DecodedRecord) => record.forms },
} as const;

/** A record for which it fails does not match: a field is not there, or is of another type. */
function isTrue(expression: ParseResult, record: DecodedRecord): boolean {
  try {
    return expression(new Values(record)) === true;
  } catch (error) {
    // The library throws errors of its own, and those of the functions that it calls.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Values are made when the expression asks for them: text is dear. */
class Values {
  readonly #record: DecodedRecord;

  constructor(record: DecodedRecord) {
    this.#record = record;
  }

  get key() {
    return variables.key.of(this.#record);
  }

  get time() {
    return variables.time.of(this.#record);
  }

  get body() {
    return variables.body.of(this.#record);
  }

  get text() {
    return variables.text.of(this.#record);
  }

  get size() {
    return variables.size.of(this.#record);
  }

  get shard() {
    return variables.shard.of(this.#record);
  }

  get sequence() {
    return variables.sequence.of(this.#record);
  }

  get forms() {
    return variables.forms.of(this.#record);
  }
}
