import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { config } from '../api/config.ts';
import { pages } from '../pages/pages.ts';
import { Badge } from '../parts/badge.tsx';
import { Account } from './account.tsx';
import { Mark } from './mark.tsx';
import type { NavigationGroup, Page } from './page.ts';
import type { Found } from './pattern.ts';
import { href, place } from './router.ts';
import { t } from './text.ts';

/** All pages, and who looks at them. On a narrow window it is a bar at the top that opens. */
export function Navigation({ found, onKeys }: NavigationProps) {
  const isOpen = useSignal(false);
  useEffect(() => {
    isOpen.value = false;
  }, [place.value]);
  const { ReadOnly, Signed } = config.value!;
  return (
    <header class={isOpen.value ? 'navigation open' : 'navigation'}>
      <div class="brand">
        <a href={href([])}>
          <Mark />
          Millrace
        </a>
        {ReadOnly && (
          <span title={t.readOnlyWhy}>
            <Badge kind="warning">{t.readOnly}</Badge>
          </span>
        )}
        {!Signed && (
          <span title={t.openWhy}>
            <Badge>{t.open}</Badge>
          </span>
        )}
        <button
          type="button"
          class="menu-button"
          aria-expanded={isOpen.value}
          aria-controls="navigation"
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          {t.menu}
        </button>
      </div>
      <div id="navigation" class="navigation-body">
        <nav aria-label={t.navigation}>
          {groups.map((group) => (
            <Group key={group} group={group} found={found} />
          ))}
        </nav>
        <Account onKeys={onKeys} />
      </div>
    </header>
  );
}

type NavigationProps = { readonly found: Found<Page> | undefined; readonly onKeys: () => void };

const groups: readonly NavigationGroup[] = ['data', 'readers', 'access', 'server'];

function Group({
  group,
  found,
}: {
  readonly group: NavigationGroup;
  readonly found: Found<Page> | undefined;
}) {
  const listed = pages.filter(({ navigation }) => navigation === group);
  if (listed.length === 0) return null;
  return (
    <section>
      <h2>{t[group]}</h2>
      <ul>
        {listed.map((page) => (
          <li key={page.pattern}>
            <a href={href(page.pattern.split('/'))} aria-current={currency(page, found?.page)}>
              {page.navigationTitle?.() ?? page.title({})}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether an entry leads to the page that is shown, or to one that it is under or beside. */
function currency(entry: Page, shown: Page | undefined): 'page' | 'true' | undefined {
  if (shown === undefined) return undefined;
  if (entry === shown) return 'page';
  const isUnder = shown.pattern.startsWith(`${entry.pattern}/`);
  const isBeside = entry.tab !== undefined && shown.pattern.startsWith(`${entry.tab.of}/`);
  return isUnder || isBeside ? 'true' : undefined;
}
