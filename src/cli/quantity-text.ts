/** Bytes in powers of 1,000, as AWS's limits and prices are: `0 B`, `12 KB`, `1.5 MB`. */
export function bytesText(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(amount) : threeDigits(amount)} ${units[unit]}`;
}

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** A rate to three digits, with commas: `0`, `1.25`, `12.5`, `1,250`. */
export function rateText(perSecond: number): string {
  return perSecond >= 1000 ? Math.round(perSecond).toLocaleString('en') : threeDigits(perSecond);
}

function threeDigits(amount: number): string {
  return String(Number(amount.toPrecision(3)));
}
