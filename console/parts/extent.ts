import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/** How wide or high the inside of an element is, in pixels, as long as it is there; 0 before it is drawn. */
export function useExtent(
  of: { readonly current: Element | null },
  side: 'clientWidth' | 'clientHeight',
): Signal<number> {
  const extent = useSignal(0);
  useLayoutEffect(() => {
    const element = of.current!;
    const note = () => {
      extent.value = element[side];
    };
    note();
    const observer = new ResizeObserver(note);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return extent;
}
