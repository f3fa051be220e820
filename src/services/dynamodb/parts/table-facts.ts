import type { ResourceFacts } from '../../../access/policy/access.ts';
import type { TableName } from '../tables/table.ts';
import type { DynamodbWorld } from '../world.ts';

/** What is known of a table for policies: its tags. Tables have no policies. */
export function factsOfTable(
  { tables }: Pick<DynamodbWorld, 'tables'>,
  name: TableName,
): ResourceFacts | undefined {
  const table = tables?.opened?.table(name);
  return table && { policy: null, tags: table.tags };
}
