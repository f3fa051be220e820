import type { Sketched } from '../stream/meter/meter.ts';
import { firstPage, type MeterCursor, type MeterPage } from '../stream/meter/meter-page.ts';

/** A meter, of this thread or another one. It answers undefined, and nothing, once its thread is no more. */
export interface MeterSource {
  page(cursor: MeterCursor): MeterPage | Promise<MeterPage | undefined>;
  /** Of shards of a stream by its id. */
  sketchesOf(stream: string, shards: readonly number[]): readonly Sketched[] | Promise<readonly Sketched[]>;
}

/**
 * All pages of a source; undefined when it was not there to the end. `turn` is waited for between two of
 * them, so that other work goes on.
 */
export async function allPages(
  source: Pick<MeterSource, 'page'>,
  turn: () => Promise<void>,
): Promise<MeterPage[] | undefined> {
  const pages: MeterPage[] = [];
  for (let cursor: MeterCursor | undefined = firstPage; cursor !== undefined; ) {
    const page: MeterPage | undefined = await source.page(cursor);
    if (page === undefined) return undefined;
    pages.push(page);
    cursor = page.next;
    await turn();
  }
  return pages;
}
