import type { DeliveryWorld } from '../delivery-world.ts';
import type { DeliveryEdit } from '../state/delivery-state.ts';

/**
 * Forgets how far deliveries have come that are not wanted any more. Progress is only ever noted of what is
 * wanted, and no id comes again: so what is not wanted by all that was committed since, is gone for good.
 * Those that end by themselves are forgotten by who wanted them (`onceHere`). Rejects as the journals do.
 */
export async function forgetStaleProgress(
  { journal, catalog, wanted }: Pick<DeliveryWorld, 'journal' | 'catalog' | 'wanted'>,
  onceHere: ReadonlySet<string>,
): Promise<void> {
  const known = [...journal.state.entries('progress')].map(([id]) => id);
  const isWanted = () => {
    const ids = new Set(wanted.all().map(({ id }) => id));
    return (id: string) => ids.has(id) || (id.startsWith('once/') && !onceHere.has(id));
  };
  if (known.every(isWanted())) return;
  await journal.current();
  await catalog.current();
  const gone = known.filter((id) => !isWanted()(id));
  if (gone.length === 0) return;
  await journal.commit((state) =>
    gone
      .filter((id) => state.get('progress', id) !== undefined)
      .map((key): DeliveryEdit => ({ kind: 'forgotten', of: 'progress', key })),
  );
}
