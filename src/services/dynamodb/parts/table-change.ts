import type { Caller } from '../../../access/caller.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { inUse } from '../errors.ts';
import type { Table } from '../tables/table.ts';
import { type DynamodbWorld, storeOf } from '../world.ts';
import { requireTable, resourceOf, tableNamed } from './table-target.ts';

/** A call that makes another table of the one that a request names, and answers what `view` says of it. */
export function changeTable<Answer>(
  world: DynamodbWorld,
  named: string,
  caller: Caller,
  change: (table: Table) => Table,
  view: (table: Table) => Answer,
  missing?: Missing,
): Prepared<Promise<Answer>> {
  return {
    resource: resourceOf(named, caller),
    run: async () => {
      const name = tableNamed(named, caller);
      const changed = await storeOf(world).commit((tables) => {
        const table = change(requireTable(tables, name, missing));
        return { edits: [{ kind: 'table-put', table }], answer: table };
      });
      world.background.nudge();
      return view(changed);
    },
  };
}

/** The error where there is no such table. */
type Missing = Parameters<typeof requireTable>[2];

/** A call that reads the table that a request names. */
export function readTable<Answer>(
  world: DynamodbWorld,
  named: string,
  caller: Caller,
  view: (table: Table) => Answer,
  missing?: Missing,
): Prepared<Promise<Answer>> {
  return {
    resource: resourceOf(named, caller),
    run: async () => view(requireTable(storeOf(world), tableNamed(named, caller), missing)),
  };
}

/** One change at a time. */
export function requireActive({ name, status }: Table): void {
  if (status === 'ACTIVE') return;
  const doing = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' }[status];
  throw inUse(`Attempt to change a resource which is still in use: Table is being ${doing}: ${name}`);
}
