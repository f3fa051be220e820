import { Connection } from '../harness/connection.ts';
import { dynamodb, SignedRequest, Signer } from '../harness/signer.ts';
import { renewal } from './lease-table.ts';
import type { Outcome, UpdateLoad } from './load.ts';
import { type Exchange, replayOver } from './replay.ts';

/**
 * Conditional updates as fast as the server answers: every connection has leases of its own, and moves each
 * counter from 0 to 1 and back, on condition of where it is. One that is lost makes the next one fail.
 */
export async function updateLeases(port: number, serverPid: number, load: UpdateLoad): Promise<Outcome> {
  const signer = new Signer(port, undefined, dynamodb);
  const connections = await Connection.openMany(port, load.connections);
  try {
    const exchanges = connections.map((connection, nth) => flips(connection, signer, nth, load));
    const corpus = { requests: [], records: 1, bytes: undefined, isAccepted: () => true };
    return await replayOver(exchanges, serverPid, corpus, load);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Half of the connections speak in KCL's legacy form, half in expressions. */
function flips(connection: Connection, signer: Signer, nth: number, load: UpdateLoad): Exchange {
  const own: number[] = [];
  for (let lease = nth; lease < load.leases; lease += load.connections) own.push(lease);
  const requests = [0, 1].flatMap((counter) =>
    own.map((lease) => {
      const input = renewal(lease, 1, counter, 1 - counter, nth % 2 === 0);
      return new SignedRequest(signer, 'UpdateItem', Buffer.from(JSON.stringify(input)));
    }),
  );
  let next = 0;
  return () => connection.exchange(requests[next++ % requests.length]!.bytes(Date.now()));
}
