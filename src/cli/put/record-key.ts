import { type Random, uuid } from '../../env/random.ts';
import { StartError } from '../../env/start-error.ts';
import type { ReadRecord } from './read-records.ts';

/** The partition key of a record, by its place among those that are put. */
export type KeyOf = (record: ReadRecord, index: number) => string;

/**
 * Keys by an expression of CEL over `body` (JSON, or the text of what is none), `text` and `index`; without
 * one each record has a key of its own. Rejects with `StartError` for an expression that is none.
 */
export async function keysBy(expression: string | undefined, random: Random): Promise<KeyOf> {
  if (expression === undefined) return (record) => record.partitionKey ?? uuid(random);
  const { Environment } = await import('@marcbachmann/cel-js');
  const environment = new Environment({ limits: { maxAstNodes: 1000, maxDepth: 100 } })
    .registerVariable('body', 'dyn')
    .registerVariable('text', 'string')
    .registerVariable('index', 'int');
  const parsed = orStartError(expression, () => environment.parse(expression));
  return (record, index) => {
    const text = Buffer.from(record.data).toString();
    const value = orStartError(expression, () => parsed({ body: bodyOf(text), text, index: BigInt(index) }));
    const key = keyText(value);
    if (key !== undefined) return key;
    throw new StartError(
      `--key ${expression} is no text, and no number, for record ${index}: ${text.slice(0, 100)}`,
    );
  };
}

function orStartError<T>(expression: string, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw new StartError(`--key ${expression}: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function keyText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
