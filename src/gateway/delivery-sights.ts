import type { DeliverySight } from '../delivery/delivery-world.ts';
import type { Clock } from '../env/clock.ts';
import { askAll } from './ask-all.ts';
import type { Peers } from './peers.ts';

/** Tells of deliveries that other gateways know. Never rejects. */
export type DeliverySightsElsewhere = () => Promise<readonly DeliverySight[]>;

/** Asks all other gateways that can be asked; one that does not answer soon is left out. */
export function deliverySightsElsewhere(
  peers: Pick<Peers, 'links'>,
  clock: Pick<Clock, 'sleep'>,
): DeliverySightsElsewhere {
  return () => askAll(peers, clock, (client, signal) => client.askUntil(signal, 'deliveries', undefined));
}

/**
 * Of each delivery, what the gateway tells that has it. While it moves, two may say so, and the one that has
 * done something later is believed.
 */
export function withDeliveriesElsewhere(
  here: readonly DeliverySight[],
  elsewhere: readonly DeliverySight[],
): DeliverySight[] {
  const sights = new Map(here.map((sight) => [sight.id, sight]));
  for (const sight of elsewhere) {
    const known = sights.get(sight.id);
    if (known === undefined || isBetter(sight, known)) sights.set(sight.id, sight);
  }
  return [...sights.values()];
}

function isBetter(sight: DeliverySight, known: DeliverySight): boolean {
  if (sight.state === 'elsewhere') return false;
  return known.state === 'elsewhere' || (sight.doneAt ?? 0) > (known.doneAt ?? 0);
}
