import { integer, list, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { storeOf } from '../world.ts';

const name = string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' });

export const listTables = operation({
  name: 'ListTables',
  summary: 'Lists the tables of the account in the region by name, at most 100 at a time.',
  runs: 'owner',
  input: structure('ListTablesInput', {
    ExclusiveStartTableName: name,
    Limit: integer({ min: 1, max: 100 }),
  }),
  output: structure('ListTablesOutput', { TableNames: list(string()), LastEvaluatedTableName: string() }),
  prepare: (world, { ExclusiveStartTableName: after, Limit = 100 }, { account, region }) => ({
    resource: '*',
    run: async () => {
      const names = storeOf(world)
        .tablesOf(account, region)
        .map((table) => table.name)
        .filter((candidate) => after === undefined || candidate > after);
      const page = names.slice(0, Limit);
      const isLast = page.length === names.length;
      return { TableNames: page, LastEvaluatedTableName: isLast ? undefined : page.at(-1) };
    },
  }),
});
