import { uuid } from '../../../env/random.ts';
import { structure } from '../../../wire/shape.ts';
import { inUse, invalid, limitExceeded } from '../errors.ts';
import { operation } from '../operation.ts';
import { tableOf } from '../parts/table-definition.ts';
import { createTableMembers } from '../parts/table-requests.ts';
import { tableDescription } from '../parts/table-shapes.ts';
import { resourceOf, tableNamed } from '../parts/table-target.ts';
import { viewTable } from '../parts/table-view.ts';
import { tagContext } from '../parts/tags.ts';
import type { TableView } from '../tables/table-store.ts';
import { storeOf } from '../world.ts';

export const createTable = operation({
  name: 'CreateTable',
  summary: 'Makes a table, with its secondary indexes; it is ACTIVE after the transition delay.',
  runs: 'owner',
  input: structure('CreateTableInput', createTableMembers),
  output: structure('CreateTableOutput', { TableDescription: tableDescription }),
  prepare: (world, request, caller) => {
    const resource = resourceOf(request.TableName, caller);
    const isTagged = (request.Tags?.length ?? 0) > 0;
    return {
      resource,
      context: tagContext(request.Tags),
      permissions: [
        { action: 'dynamodb:CreateTable', resource },
        ...(isTagged ? [{ action: 'dynamodb:TagResource', resource }] : []),
      ],
      run: async () => {
        const name = tableNamed(request.TableName, caller);
        if (name.account !== caller.account || name.region !== caller.region) {
          throw invalid('A table is made in the account and the region of who makes it.');
        }
        const table = tableOf(request, name, uuid(world.random), world.clock.now());
        const store = storeOf(world);
        await store.commit((view) => {
          if (view.table(name) !== undefined) throw inUse(`Table already exists: ${name.name}`);
          requireRoom(view);
          return { edits: [{ kind: 'table-put', table }], answer: undefined };
        });
        world.background.nudge();
        return { TableDescription: viewTable(store, store.table(name) ?? table) };
      },
    };
  },
});

/** AWS's quota for an account in a region (developer guide, "Quotas"); here for a server. */
const tablesMax = 2_500;

function requireRoom({ tableCount }: TableView): void {
  if (tableCount < tablesMax) return;
  throw limitExceeded(
    `Subscriber limit exceeded: There is a limit of ${tablesMax} tables per subscriber: this server has as many.`,
  );
}
