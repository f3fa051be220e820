import { language } from '../../text/text.ts';

/** `$1,234` or `$0.52`: cents where they matter. */
export function dollars(usd: number): string {
  const digits = usd < 100 ? 2 : 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `$${usd.toLocaleString(language.value, options)}`;
}
