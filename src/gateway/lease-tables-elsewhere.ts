import type { Clock } from '../env/clock.ts';
import type { LeaseTable } from '../services/millrace/parts/lease-table.ts';
import type { Scope } from '../services/millrace/sights-world.ts';
import { askAll } from './ask-all.ts';
import type { Peers } from './peers.ts';

/** Tells of lease tables that another gateway holds. Never rejects. */
export type LeaseTablesElsewhere = (scope: Scope) => Promise<readonly LeaseTable[]>;

/** Asks all other gateways that can be asked: the one that holds tables has some. */
export function leaseTablesElsewhere(
  peers: Pick<Peers, 'links'>,
  clock: Pick<Clock, 'sleep'>,
): LeaseTablesElsewhere {
  return (scope) => askAll(peers, clock, (client, signal) => client.askUntil(signal, 'lease-tables', scope));
}
