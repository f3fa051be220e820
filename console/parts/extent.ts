import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/**
 * How wide or high the inside of an element is, in pixels, as long as it is there; `guess` until it is known.
 */
export function useExtent(
  of: { readonly current: Element | null },
  side: 'clientWidth' | 'clientHeight',
  guess = 0,
): Signal<number> {
  const extent = useSignal(guess);
  useLayoutEffect(() => {
    const element = of.current!;
    // Told of the first size, too, once it is laid out: to ask before would lay it out twice.
    const observer = new ResizeObserver(() => {
      extent.value = element[side];
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return extent;
}
