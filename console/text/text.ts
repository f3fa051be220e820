import { signal } from '@preact/signals';

export type Language = 'en' | 'es';

/** The language of the page: what was chosen here before, else the browser's, else English. */
export const language = signal<Language>(navigator.language.startsWith('es') ? 'es' : 'en');

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
