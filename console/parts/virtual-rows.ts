import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { useExtent } from './extent.ts';
import { rowWindow } from './row-window.ts';

type Scroller = { readonly current: HTMLElement | null };

/** The rows of a long list that are drawn, and the room that the others take. */
export type VirtualRows = {
  /** The places of those that are drawn, from 0. */
  readonly shown: readonly number[];
  readonly pixelsBefore: number;
  readonly pixelsAfter: number;
  /** Scrolls no further than it has to, until a row is in sight. */
  readonly scrollTo: (index: number) => void;
};

/** All rows are of one height; so is the head, which stands above them and stays when they are scrolled. */
export function useVirtualRows(scroller: Scroller, count: number, rowPixels: number): VirtualRows {
  const height = useExtent(scroller, 'clientHeight', innerHeight);
  // The first row in sight, so that less than a row's scrolling draws nothing anew.
  const firstSeen = useSignal(0);
  useLayoutEffect(() => {
    const element = scroller.current!;
    const note = () => {
      firstSeen.value = Math.floor(element.scrollTop / rowPixels);
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [rowPixels]);
  const top = firstSeen.value * rowPixels;
  const { from, end } = rowWindow({ first: 0, end: count, rowPixels, height: height.value, top });
  return {
    shown: Array.from({ length: end - from }, (_, place) => from + place),
    pixelsBefore: from * rowPixels,
    pixelsAfter: (count - end) * rowPixels,
    scrollTo: (index) => scrollRowIntoSight(scroller.current!, index, rowPixels, rowPixels),
  };
}

/** Of rows that begin below a head of `headPixels`, which stays. */
export function scrollRowIntoSight(
  element: HTMLElement,
  place: number,
  rowPixels: number,
  headPixels: number,
): void {
  const above = place * rowPixels;
  const below = above + rowPixels + headPixels - element.clientHeight;
  if (element.scrollTop > above) element.scrollTop = above;
  else if (element.scrollTop < below) element.scrollTop = below;
}
