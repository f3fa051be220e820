import type { AttributeValue, Item } from './attribute-value.ts';

/**
 * Of one type and the same: numbers by value, lists and maps member by member, sets in any order (they are
 * kept sorted, so that their members stand side by side).
 */
export function equal(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b) return true;
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B.equals(b.B);
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && areSame(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && areSame(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && areEach(a.BS, b.BS, (x, y) => x.equals(y));
  if ('L' in a) return 'L' in b && areEach(a.L, b.L, equal);
  return 'M' in b && areEqualItems(a.M, b.M);
}

export function areEqualItems(a: Item, b: Item): boolean {
  let names = 0;
  for (const name in a) {
    const other = b[name];
    if (other === undefined || !equal(a[name]!, other)) return false;
    names++;
  }
  return names === Object.keys(b).length;
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return areEach(a, b, (x, y) => x === y);
}

function areEach<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((x, index) => isSame(x, b[index]!));
}
