/**
 * The load generator, a process of its own: it takes orders from the benchmark over the IPC channel and ends
 * with it.
 */
import { call } from './calls.ts';
import { fanOut } from './fan-out.ts';
import { fleet } from './fleet.ts';
import { getRecords } from './get-records.ts';
import type { Order, OutcomeOf, Reply } from './load.ts';
import { openLoop } from './open-loop.ts';
import { putRecords } from './put-records.ts';
import { updateLeases } from './updates.ts';

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

function carryOut({ port, serverPid, load }: Order): Promise<OutcomeOf[keyof OutcomeOf]> {
  switch (load.kind) {
    case 'put':
      return putRecords(port, serverPid, load);
    case 'open':
      return openLoop(port, serverPid, load);
    case 'call':
      return call(port, serverPid, load);
    case 'update':
      return updateLeases(port, serverPid, load);
    case 'fleet':
      return fleet(port, serverPid, load);
    case 'fan-out':
      return fanOut(port, serverPid, load);
    case 'get':
      return getRecords(port, serverPid, load);
  }
}
