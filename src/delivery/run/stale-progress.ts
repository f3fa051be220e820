import { isDeepStrictEqual } from 'node:util';
import type { DeliveryWorld } from '../delivery-world.ts';
import type { DeliveryProgress, PlannedObject } from '../state/delivery-state.ts';
import { removeObject } from './remove-object.ts';

type SweptWorld = Pick<DeliveryWorld, 'journal' | 'catalog' | 'wanted' | 'objects'>;

/**
 * Forgets how far deliveries have come that are not wanted any more. Progress is only ever noted of what is
 * wanted, and no id comes again: so what is not wanted by all that was committed since, is gone for good.
 * Those that end by themselves are forgotten by who wanted them (`onceHere`). Where a plan was being made
 * again elsewhere, what an earlier attempt has put is removed first: only progress knows of it, and its
 * records would be there twice. Rejects as the journals and the store do, or with the signal's reason, once
 * all is forgotten that can be.
 */
export async function forgetStaleProgress(
  world: SweptWorld,
  onceHere: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const { journal, catalog, wanted } = world;
  const known = [...journal.state.entries('progress')].map(([id]) => id);
  const isWanted = () => {
    const ids = new Set(wanted.all().map(({ id }) => id));
    return (id: string) => ids.has(id) || (id.startsWith('once/') && !onceHere.has(id));
  };
  if (known.every(isWanted())) return;
  await journal.current();
  await catalog.current();
  const failures: unknown[] = [];
  for (const id of known.filter((each) => !isWanted()(each))) {
    try {
      while (!(await isForgotten(world, id, signal)));
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Not yet where whoever made the plan again has said meanwhile that it made it otherwise. */
async function isForgotten(world: SweptWorld, id: string, signal: AbortSignal): Promise<boolean> {
  const { journal, objects } = world;
  const stale = staleOf(journal.state.get('progress', id));
  if (stale.length > 0 && objects === undefined)
    throw new Error('It is not said where the store of objects is.');
  for (const place of stale) await removeObject(objects!, place, signal);
  let isSo = false;
  await journal.commit((state) => {
    const progress = state.get('progress', id);
    isSo = isDeepStrictEqual(staleOf(progress), stale);
    return isSo && progress !== undefined ? [{ kind: 'forgotten', of: 'progress', key: id }] : [];
  });
  return isSo;
}

/** Files of tables, which have no `of`, are not among them: a table may have been told of them. */
function staleOf(progress: DeliveryProgress | undefined): readonly PlannedObject[] {
  return (progress?.plan?.stale ?? []).filter(({ of }) => of !== undefined);
}
