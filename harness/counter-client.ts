import type { Answer } from './answer.ts';
import { areMade, complainOfTable, counterNames, counterTable, makeTables } from './tables.ts';
import { repeat, type Work } from './workload.ts';

/** A client that adds to counters, one by one and several in a transaction; no addition has a condition. */
export function runCounterClient(work: Work): Promise<void> {
  return repeat(work, 120, async () => {
    if (!areMade(work.tables)) return await makeTables(work);
    if (work.random.chance(0.6)) await addToOne(work);
    else await move(work);
  });
}

async function addToOne(work: Work): Promise<void> {
  const name = work.random.pick(counterNames);
  const addition = work.tables.addition({ [name]: work.random.between(1, 9) });
  const answer = await work.client.call('UpdateItem', updateOf(name, addition.amounts[name]!, addition.id));
  work.tables.answer(addition, outcomeOf(work, answer, []));
}

/** From one counter to another, in one transaction: both change, or neither does. */
async function move(work: Work): Promise<void> {
  const from = work.random.pick(counterNames);
  const to = work.random.pick(counterNames.filter((name) => name !== from));
  const amount = work.random.between(1, 9);
  const addition = work.tables.addition({ [from]: -amount, [to]: amount });
  const TransactItems = Object.entries(addition.amounts).map(([name, by]) => {
    return { Update: updateOf(name, by, addition.id) };
  });
  const answer = await work.client.call('TransactWriteItems', { TransactItems });
  // Two transactions that meet: one of them is told so, and nothing of it was done.
  const troubles = ['TransactionCanceledException', 'TransactionInProgressException'];
  work.tables.answer(addition, outcomeOf(work, answer, troubles));
}

function outcomeOf(work: Work, answer: Answer<unknown>, expected: readonly string[]) {
  complainOfTable(work, answer, [...expected, 'TransactionConflictException']);
  if (answer.kind === 'silence') return 'unknown';
  return answer.kind === 'output' ? 'done' : 'refused';
}

function updateOf(name: string, amount: number, id: string): object {
  return {
    TableName: counterTable,
    Key: { name: { S: name } },
    UpdateExpression: 'ADD #total :amount, ids :ids',
    ExpressionAttributeNames: { '#total': 'total' },
    ExpressionAttributeValues: { ':amount': { N: String(amount) }, ':ids': { SS: [id] } },
  };
}
