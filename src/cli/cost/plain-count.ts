/** A number to the precision that matters: `0`, `0.25`, `12.5`, `1,234`. */
export function plainCount(count: number): string {
  const digits = count >= 100 ? 0 : count >= 10 ? 1 : 2;
  return count.toLocaleString('en', { maximumFractionDigits: digits });
}
