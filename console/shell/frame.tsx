import { useSignal } from '@preact/signals';
import { useEffect, useErrorBoundary, useRef } from 'preact/hooks';
import { useAsked } from '../api/asked.ts';
import { pages } from '../pages/pages.ts';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { KeysHelp } from './keys-help.tsx';
import { Navigation } from './navigation.tsx';
import type { Page } from './page.ts';
import { type Found, pageAt, segmentsOf } from './pattern.ts';
import { go, href, place, visits } from './router.ts';
import { useShellKeys } from './shell-keys.ts';
import { t } from './text.ts';

/** What is around every page: the way to skip to it, the navigation, crumbs and tabs. */
export function Frame() {
  const showsKeys = useSignal(false);
  useShellKeys(() => {
    showsKeys.value = true;
  });
  const { segments } = place.value;
  const first = pages[0];
  const found = pageAt(pages, segments);
  useEffect(() => {
    if (segments.length === 0 && first !== undefined) go(href(first.pattern.split('/')), { replace: true });
  }, [segments.length === 0]);
  return (
    <div class="frame">
      <a class="skip" href="#content">
        {t.skip}
      </a>
      <Navigation found={found} onKeys={() => (showsKeys.value = true)} />
      <main id="content" tabIndex={-1}>
        {found === undefined ? segments.length > 0 && <NoPage /> : <Shown found={found} />}
      </main>
      {showsKeys.value && <KeysHelp onClose={() => (showsKeys.value = false)} />}
    </div>
  );
}

function Shown({ found }: { readonly found: Found<Page> }) {
  const { page, parameters } = found;
  const title = page.title(parameters);
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  const address = href(segmentsOf(page.pattern, parameters));
  return (
    <>
      <Crumbs found={found} title={title} />
      <PageTabs found={found} />
      <Loaded key={address} found={found} />
    </>
  );
}

function Crumbs({
  found: { page, parameters },
  title,
}: {
  readonly found: Found<Page>;
  readonly title: string;
}) {
  const before = page.crumbs?.(parameters) ?? [];
  return (
    <nav class="crumbs" aria-label={t.crumbs}>
      <ol>
        {before.map((crumb) => (
          <li key={crumb.address}>
            <a href={crumb.address}>{crumb.title}</a>
          </li>
        ))}
        <li aria-current="page">{title}</li>
      </ol>
    </nav>
  );
}

function PageTabs({ found: { page, parameters } }: { readonly found: Found<Page> }) {
  const { tab } = page;
  if (tab === undefined) return null;
  const row = pages.filter((other): other is Page & { tab: typeof tab } => other.tab?.of === tab.of);
  return (
    <nav class="tabs" aria-label={t.tabs}>
      {row.map((other) => (
        <a
          key={other.pattern}
          class="tab"
          href={href(segmentsOf(other.pattern, parameters))}
          aria-current={other === page ? 'page' : undefined}
        >
          {other.tab.label()}
        </a>
      ))}
    </nav>
  );
}

/** Loads the page's component. What fails in drawing it harms nothing around it. */
function Loaded({ found: { page, parameters } }: { readonly found: Found<Page> }) {
  const loaded = useAsked(async () => ({ View: await page.load() }), [page.pattern]);
  const [broken] = useErrorBoundary();
  const isFirst = useRef(wasDrawn === false);
  const { answer } = loaded;
  useEffect(() => {
    if (answer === undefined) return;
    wasDrawn = true;
    if (!isFirst.current || visits.value > 0) document.querySelector<HTMLElement>('main h1')?.focus();
  }, [answer, visits.value]);
  const error = (broken as Error | undefined) ?? loaded.error;
  if (error !== undefined) {
    const reload = <Button onPress={() => location.reload()}>{t.reload}</Button>;
    return (
      <>
        <PageHead title={page.title(parameters)} />
        <Notice kind="bad" title={t.notLoaded} actions={reload}>
          <code>{String(error)}</code>
        </Notice>
      </>
    );
  }
  return answer === undefined ? <Skeleton /> : <answer.View parameters={parameters} />;
}

/** Whoever comes to the console has the focus where browsers put it; later it goes to each page's heading. */
let wasDrawn = false;

function NoPage() {
  return (
    <>
      <PageHead title={t.noPage} />
      <EmptyState title={t.noPageText} actions={<a href={href([])}>{t.toStart}</a>} />
    </>
  );
}
