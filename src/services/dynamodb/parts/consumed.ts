import type { Table } from '../tables/table.ts';
import { type CapacityKind, sum, type Units, unitsOfWrite, viewUnits } from './capacity.ts';
import type { Written } from './write.ts';

/** What writes took, a line for each table; undefined where the request does not ask. */
export function consumedBy(
  written: readonly Written[],
  kind: CapacityKind,
  unitsOf = ({ table, before, after }: Written): Units => unitsOfWrite(table, before, after),
  direction?: 'Read' | 'Write',
) {
  if (kind === undefined || kind === 'NONE') return undefined;
  const used = new Map<string, { readonly table: Table; readonly units: Units }>();
  for (const each of written) {
    const { table } = each;
    const before = used.get(table.id);
    const units = unitsOf(each);
    used.set(table.id, { table, units: before === undefined ? units : sum(before.units, units) });
  }
  return [...used.values()].flatMap(
    ({ table, units }) => viewUnits(kind, table, () => units, direction) ?? [],
  );
}
