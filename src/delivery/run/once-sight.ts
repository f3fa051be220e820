import type { DeliveryProgress, Positions } from '../state/delivery-state.ts';
import type { RunParts } from './run-parts.ts';

/** Notes how much a delivery that ends has done since it began here, of what there was; by offsets. */
export function onceSight({ meter }: RunParts, { done, until }: DeliveryProgress, begun: Positions): void {
  if (until === undefined) return;
  let [all, came] = [0, 0];
  for (const [shard, { next: end }] of Object.entries(until)) {
    const first = begun[shard]?.next ?? 0;
    all += Math.max(0, end - first);
    came += Math.max(0, Math.min(end, done[shard]?.next ?? first) - first);
  }
  meter.noteOnce({ done: came, all });
}
