import type { AttributeValue } from './attribute-value.ts';
import { compareNumbers } from './decimal.ts';
import { compareStrings } from './order.ts';

/** The sets among the values. */
export type ValueSet = Extract<AttributeValue, { SS: unknown } | { NS: unknown } | { BS: unknown }>;

export function isSet(value: AttributeValue): value is ValueSet {
  return 'SS' in value || 'NS' in value || 'BS' in value;
}

/** Sorted, with none twice. */
export function stringSet(members: Iterable<string>): readonly string[] {
  return distinct([...members].sort(compareStrings), (a, b) => a === b);
}

/** The same for canonical numbers. */
export function numberSet(members: Iterable<string>): readonly string[] {
  return distinct([...members].sort(compareNumbers), (a, b) => a === b);
}

export function binarySet(members: Iterable<Buffer>): readonly Buffer[] {
  return distinct([...members].sort(Buffer.compare), (a, b) => a.equals(b));
}

/** Undefined for sets of two types. */
export function union(a: ValueSet, b: ValueSet): ValueSet | undefined {
  if ('SS' in a) return 'SS' in b ? { SS: stringSet([...a.SS, ...b.SS]) } : undefined;
  if ('NS' in a) return 'NS' in b ? { NS: numberSet([...a.NS, ...b.NS]) } : undefined;
  return 'BS' in b ? { BS: binarySet([...a.BS, ...b.BS]) } : undefined;
}

/** What `a` has and `b` has not, which may be nothing; undefined for sets of two types. */
export function without(a: ValueSet, b: ValueSet): ValueSet | undefined {
  if ('SS' in a) return 'SS' in b ? { SS: allBut(a.SS, b.SS) } : undefined;
  if ('NS' in a) return 'NS' in b ? { NS: allBut(a.NS, b.NS) } : undefined;
  if (!('BS' in b)) return undefined;
  const gone = new Set(b.BS.map((member) => member.toString('latin1')));
  return { BS: a.BS.filter((member) => !gone.has(member.toString('latin1'))) };
}

export function membersOf(set: ValueSet): readonly (string | Buffer)[] {
  return 'SS' in set ? set.SS : 'NS' in set ? set.NS : set.BS;
}

function allBut(members: readonly string[], others: readonly string[]): readonly string[] {
  const gone = new Set(others);
  return members.filter((member) => !gone.has(member));
}

/** Of sorted members. */
function distinct<T>(members: readonly T[], isSame: (a: T, b: T) => boolean): readonly T[] {
  return members.filter((member, index) => index === 0 || !isSame(members[index - 1]!, member));
}
