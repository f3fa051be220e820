/** A whole number as one types it, or undefined when it is none or below `least`. */
export function wholeNumber(text: string, least: number): number | undefined {
  if (!/^\s*\d{1,9}\s*$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least ? value : undefined;
}

/** Whether hours of retention are refused by the server (API reference, IncreaseStreamRetentionPeriod). */
export function retentionTrouble(text: string): boolean {
  const hours = wholeNumber(text, 24);
  return hours === undefined || hours > 8760;
}
