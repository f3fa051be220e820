import {
  complainOfTable,
  counterTable,
  leaseIn,
  leaseNames,
  leaseTable,
  ownerIndex,
  type WireItem,
} from './tables.ts';
import type { CounterView } from './tables-model.ts';
import type { Work } from './workload.ts';

/** Reads all that the tables hold, once nothing changes them any more. */
export async function auditTables(work: Work): Promise<void> {
  if (work.tables.made.size === 0) return;
  const sent = work.tables.moment();
  const leases = await scan(work, leaseTable);
  const counters = await scan(work, counterTable);
  if (work.tables.made.has(leaseTable) && leases === undefined)
    work.world.violate(`${leaseTable} was made and cannot be scanned`);
  if (leases !== undefined) {
    noteAll(work, leases, sent);
    await compareIndex(work, leases);
  }
  if (counters !== undefined) work.tables.counters = new Map(counters.map(counterOf));
}

type Page = { readonly Items: readonly WireItem[]; readonly LastEvaluatedKey?: object };

/** All items, page by page. Undefined when a page cannot be had. */
async function scan(work: Work, TableName: string): Promise<WireItem[] | undefined> {
  const items: WireItem[] = [];
  let start = {};
  for (;;) {
    const answer = await insist<Page>(work, 'Scan', { TableName, ConsistentRead: true, Limit: 3, ...start });
    if (answer === undefined) return undefined;
    items.push(...answer.Items);
    if (answer.LastEvaluatedKey === undefined) return items;
    start = { ExclusiveStartKey: answer.LastEvaluatedKey };
  }
}

/** Silence may be a request that was dropped. */
async function insist<T>(work: Work, operation: string, input: object): Promise<T | undefined> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const answer = await work.client.call<T>(operation, input);
    if (answer.kind === 'output') return answer.output;
    complainOfTable(work, answer, ['ResourceNotFoundException']);
    if (answer.kind === 'error') return undefined;
    await work.world.scheduler.sleep(100);
  }
  return undefined;
}

/** A lease that the scan did not show is not there. */
function noteAll(work: Work, items: readonly WireItem[], sent: number): void {
  const found = new Map(items.map((item) => [item.leaseKey?.S, item]));
  const at = work.tables.moment();
  for (const name of leaseNames) {
    const lease = leaseIn(work, found.get(name));
    work.tables.note(name, {
      action: { kind: 'read' },
      sent,
      answered: { at, result: { kind: 'done', seen: { lease } } },
    });
  }
}

/** The index says of each owner what the table says. */
async function compareIndex(work: Work, items: readonly WireItem[]): Promise<void> {
  const owners = Map.groupBy(items, ({ leaseOwner }) => leaseOwner?.S ?? '');
  for (const [owner, held] of owners) {
    const page = await insist<Page>(work, 'Query', {
      TableName: leaseTable,
      IndexName: ownerIndex,
      KeyConditionExpression: 'leaseOwner = :owner',
      ExpressionAttributeValues: { ':owner': { S: owner } },
    });
    const told = page?.Items.map(({ leaseKey }) => leaseKey?.S).join();
    const true_ = held
      .map(({ leaseKey }) => leaseKey!.S)
      .sort()
      .join();
    if (told !== true_) work.world.violate(`index: ${owner} holds ${true_}, and the index says ${told}`);
  }
}

function counterOf(item: WireItem & { readonly name?: { readonly S: string } }): [string, CounterView] {
  return [item.name!.S, { total: Number(item.total?.N ?? 0), ids: item.ids?.SS ?? [] }];
}
