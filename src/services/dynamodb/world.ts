import { strict as assert } from 'node:assert';
import type { Clock } from '../../env/clock.ts';
import type { Random } from '../../env/random.ts';
import type { Background } from '../../stream/background.ts';
import { ExpressionCache } from './expressions/expression-cache.ts';
import type { TableStore } from './tables/table-store.ts';

/** What the operations of DynamoDB work with. */
export type DynamodbWorld = {
  readonly clock: Clock;
  readonly random: Random;
  /** Absent in a worker, where no operation runs. */
  readonly tables: OpenableTables | undefined;
  /** Told of tables that are to become ACTIVE or to go. */
  readonly background: Pick<Background, 'nudge'>;
  readonly expressions: ExpressionCache;
};

/** Tables that are replayed when the service loads. */
export interface OpenableTables {
  /** Undefined until then. */
  readonly opened: TableStore | undefined;
  open(): Promise<unknown>;
}

export function dynamodbWorld(parts: Omit<DynamodbWorld, 'expressions'>): DynamodbWorld {
  return { ...parts, expressions: new ExpressionCache() };
}

/** The tables, for an operation: the service has loaded by then, and they with it. */
export function storeOf({ tables }: DynamodbWorld): TableStore {
  const store = tables?.opened;
  assert(store !== undefined);
  return store;
}
