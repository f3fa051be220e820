import { pages } from '../pages/pages.ts';
import { language } from '../text/text.ts';
import { type KeyBinding, useKeys } from './keys.ts';
import { go, href } from './router.ts';
import { t } from './text.ts';

/** The keys that do the same on every page. */
export function useShellKeys(showKeys: () => void): void {
  useKeys(
    [
      { keys: '?', text: t.showKeys, run: showKeys },
      { keys: '/', text: t.filter, run: () => document.querySelector<HTMLElement>('[data-filter]')?.focus() },
      { keys: 'j', text: t.nextRow, run: goToTable },
      { keys: 'k', text: t.previousRow, run: goToTable },
      ...pages.flatMap(toPage),
    ],
    [language.value],
  );
}

/** From anywhere, the first of them leads into the table; there it takes the keys itself. */
function goToTable(): void {
  document.querySelector<HTMLElement>('main .table-row[tabindex="0"]')?.focus();
}

function toPage({ goKey, pattern, title }: (typeof pages)[number]): KeyBinding[] {
  if (goKey === undefined) return [];
  const address = href(pattern.split('/'));
  return [{ keys: `g ${goKey}`, text: t.goTo(title({})), run: () => go(address) }];
}
