import { useSignal } from '@preact/signals';
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useState } from 'preact/hooks';

/** The rows of a long list that are in sight, and the room that the others take. */
export type VirtualRows = {
  readonly shown: readonly VirtualItem[];
  readonly pixelsBefore: number;
  readonly pixelsAfter: number;
  readonly scrollTo: (index: number) => void;
};

/** `scroller` answers the element that scrolls. All rows are of one height. */
export function useVirtualRows(
  scroller: () => HTMLElement | null,
  count: number,
  rowPixels: number,
): VirtualRows {
  const drawn = useSignal(0);
  // Read, so that a change draws anew.
  drawn.value;
  const options = {
    count,
    getScrollElement: scroller,
    estimateSize: () => rowPixels,
    overscan: 8,
    // The head stands above the rows, and stays when they are scrolled.
    scrollPaddingEnd: rowPixels,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => {
      drawn.value += 1;
    },
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  const shown = virtualizer.getVirtualItems();
  const total = virtualizer.getTotalSize();
  return {
    shown,
    pixelsBefore: shown[0]?.start ?? 0,
    pixelsAfter: shown.length === 0 ? total : total - shown.at(-1)!.end,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
