// This file has state: what the server says of itself, once it is known.
import { signal } from '@preact/signals';
import type { ConsoleConfig } from '../../src/services/millrace/sights.ts';

/** What the server says of itself without a signature; undefined until it is loaded. */
export const config = signal<ConsoleConfig | undefined>(undefined);

/** Whether the console may change something. */
export function mayChange(): boolean {
  return config.value?.ReadOnly === false;
}
