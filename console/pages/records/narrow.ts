// This file has state: whether the window is narrow.
import { signal } from '@preact/signals';

const query = globalThis.matchMedia?.('(max-width: 700px)');

/** Whether rows take two lines, as the style sheet says too. */
export const isNarrow = signal(query?.matches ?? false);

query?.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
