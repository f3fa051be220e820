// This file has state: the language of the page.
import { effect, signal } from '@preact/signals';

export type Language = 'en' | 'es';

/** Each by its own name. */
export const languages: readonly { readonly id: Language; readonly title: string }[] = [
  { id: 'en', title: 'English' },
  { id: 'es', title: 'Español' },
];

const storageKey = 'millrace.language';

/** The language of the page: what was chosen here before, else the browser's, else English. */
export const language = signal<Language>(firstLanguage());

/** Says the language to whoever reads the page aloud, and remembers it. */
export function tellLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value;
    localStorage.setItem(storageKey, language.value);
  });
}

function firstLanguage(): Language {
  const kept = globalThis.document === undefined ? null : localStorage.getItem(storageKey);
  if (kept === 'en' || kept === 'es') return kept;
  return navigator.language.startsWith('es') ? 'es' : 'en';
}

/**
 * A piece's texts in both languages: `const t = texts({ en: { title: 'Streams' }, es: { title: 'Streams' }
 * })`, then `t.title` in a component, which is drawn again when the language changes. A text with values is a
 * function. Spanish must have every text that English has: the compiler says so.
 */
export function texts<T extends Readonly<Record<string, unknown>>>(both: {
  readonly en: T;
  readonly es: { readonly [K in keyof T]: T[K] extends string ? string : T[K] };
}): T {
  return new Proxy(both.en, { get: (_, key) => (both[language.value] as T)[key as keyof T] });
}
