import { format } from '../../text/format.ts';

/** `$1,234` or `$0.52`: cents where they matter. */
export function dollars(usd: number): string {
  return `$${format.number(usd, usd < 100 ? 2 : 0)}`;
}
