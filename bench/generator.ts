/**
 * The load generator, a process of its own: it takes orders from the benchmark over the IPC channel and ends
 * with it.
 */
import { getRecords } from './get-records.ts';
import type { Order, Outcome, Reply } from './load.ts';
import { putRecords } from './put-records.ts';

process.on('message', async (order: Order) => {
  process.send!(await reply(order));
});

async function reply(order: Order): Promise<Reply> {
  try {
    return { outcome: await carryOut(order) };
  } catch (error) {
    return { failure: String(error) };
  }
}

function carryOut({ port, serverPid, load }: Order): Promise<Outcome> {
  switch (load.kind) {
    case 'put':
      return putRecords(port, serverPid, load);
    case 'get':
      return getRecords(port, serverPid, load);
  }
}
