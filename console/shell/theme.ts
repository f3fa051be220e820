// This file has state: whether the page is dark.
import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'millrace.theme';

/** What was chosen here before, else what the system has. */
export const theme = signal<Theme>(keptTheme());

/** Has the style sheet follow it, and remembers it. */
export function tellTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    localStorage.setItem(storageKey, theme.value);
  });
}

function keptTheme(): Theme {
  const kept = globalThis.document === undefined ? null : localStorage.getItem(storageKey);
  return themes.find((name) => name === kept) ?? 'system';
}
