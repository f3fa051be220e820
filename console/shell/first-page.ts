import { pages } from '../pages/pages.ts';
import { pageAt } from './pattern.ts';
import { place } from './router.ts';

/** Has the page's own script fetched while the server is asked what it is. */
export function fetchFirstPage(): void {
  const { segments } = place.peek();
  const page = segments.length === 0 ? pages[0] : pageAt(pages, segments)?.page;
  // What fails is said where the page is drawn.
  page?.load().catch(() => {});
}
