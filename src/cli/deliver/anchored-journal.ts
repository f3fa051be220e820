import type { DeliveryJournal, DeliveryProgress, Positions } from '../../delivery/state/delivery-state.ts';
import type { DeliverState } from './deliver-state.ts';

/**
 * The journal of a delivery whose positions are counts: none of them is committed before it is kept what the
 * sequence number of the record before is. `failed` hears why that cannot be.
 */
export function anchoredJournal(
  journal: DeliveryJournal,
  state: DeliverState,
  failed: (error: unknown) => void,
): DeliveryJournal & { readonly keep: () => Promise<void> } {
  const keep = async (next: readonly Positions[]) => {
    const now = [...journal.state.entries('progress')].flatMap(([, progress]) => positionsOf(progress));
    try {
      state.keepOnly([...now, ...next]);
      await state.save([...now, ...next]);
    } catch (error) {
      failed(error);
      throw error;
    }
  };
  return {
    /** Has the file say what the state does now. */
    keep: () => keep([]),
    get state() {
      return journal.state;
    },
    current: () => journal.current(),
    changed: (signal) => journal.changed(signal),
    async commit(decide) {
      // Nobody else writes to it: what is decided now is what is decided again.
      const next = decide(journal.state).flatMap((edit) =>
        edit.of === 'progress' && edit.kind === 'said' ? positionsOf(edit.value) : [],
      );
      if (next.length > 0) await keep(next);
      return await journal.commit(decide);
    },
  };
}

function positionsOf({ done, plan }: DeliveryProgress): Positions[] {
  return plan === undefined ? [done] : [done, plan.to];
}
