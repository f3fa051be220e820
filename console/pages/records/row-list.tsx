import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useExtent } from '../../parts/extent.ts';
import { type RowWindow, rowWindow } from '../../parts/row-window.ts';
import { scrollRowIntoSight } from '../../parts/virtual-rows.ts';
import { useKeys } from '../../shell/keys.ts';
import { texts } from '../../text/text.ts';

const t = texts({ en: { intoRows: 'Into the rows' }, es: { intoRows: 'A las filas' } });

/**
 * Rows of one height, however many: only those in sight are drawn. Places are counted as the caller counts
 * them, from `first` to before `end`. With `follows` the last row stays in sight; scrolling up ends that,
 * scrolling to the end begins it again. Keys: arrows, j and k, Page Up and Down, Home and End (g and G),
 * Enter.
 */
export function RowList(props: RowListProps) {
  const { label, head, first, end, row, rowPixels, follows = false, active, className = '' } = props;
  const scroller = useRef<HTMLTableElement>(null);
  const id = useId();
  const top = useSignal(0);
  const height = useExtent(scroller, 'clientHeight', innerHeight);
  const count = end - first;
  const seen = rowWindow({
    first,
    end,
    rowPixels,
    height: height.value,
    top: follows ? undefined : top.value,
  });
  useFollowing(scroller, props);
  useActiveInSight(scroller, props);
  useKeys([{ keys: 'j', text: t.intoRows, run: () => scroller.current?.focus() }], []);
  const scrolled = () => {
    noteScroll(scroller.current!, top.peek(), props);
    top.value = scroller.current!.scrollTop;
  };
  return (
    <table
      ref={scroller}
      class={`row-list ${className}`}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are gone through by keys.
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-activedescendant={active === undefined ? undefined : `${id}-${active}`}
      tabIndex={0}
      onScroll={scrolled}
      onKeyDown={(event) => onKey(event, seen, props)}
    >
      <thead>
        <tr class="row-list-row">{head}</tr>
      </thead>
      <tbody style={{ height: `${count * rowPixels}px` }}>
        {Array.from({ length: seen.end - seen.from }, (_, index) => {
          const place = seen.from + index;
          const pixels = { top: `${(place - first) * rowPixels}px`, height: `${rowPixels}px` };
          return (
            <tr
              // A list that runs on has other rows with every frame: they take each other's elements over.
              key={follows ? index : place}
              id={`${id}-${place}`}
              class="row-list-row"
              aria-rowindex={place - first + 2}
              aria-selected={place === active}
              style={pixels}
              onMouseUp={() => {
                // Who selects text opens nothing.
                if (getSelection()?.isCollapsed !== false) props.onOpen?.(place);
              }}
            >
              {row(place)}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export type RowListProps = {
  readonly label: string;
  /** The cells of the head: `<th scope="col">`. */
  readonly head: ComponentChildren;
  readonly first: number;
  readonly end: number;
  /** The cells of a row: `<td>`. */
  readonly row: (place: number) => ComponentChildren;
  readonly rowPixels: number;
  readonly follows?: boolean;
  readonly onFollow?: (isOn: boolean) => void;
  /** The row that is marked. */
  readonly active?: number | undefined;
  readonly onActive?: (place: number) => void;
  readonly onOpen?: (place: number) => void;
  readonly className?: string;
};

function useFollowing(
  scroller: { readonly current: HTMLElement | null },
  { follows, end }: RowListProps,
): void {
  useLayoutEffect(() => {
    const element = scroller.current!;
    if (follows) element.scrollTop = element.scrollHeight;
  }, [follows, end]);
}

/** A row that was marked by a key is scrolled to, no further than it has to be. */
function useActiveInSight(
  scroller: { readonly current: HTMLElement | null },
  { active, first, rowPixels, follows }: RowListProps,
): void {
  useLayoutEffect(() => {
    const element = scroller.current!;
    if (active === undefined || follows) return;
    const head = element.firstElementChild?.clientHeight ?? 0;
    scrollRowIntoSight(element, active - first, rowPixels, head);
  }, [active]);
}

/** What is scrolled by the list itself ends at the end, so only who scrolls up can leave it. */
function noteScroll(
  element: HTMLElement,
  before: number,
  { follows, onFollow, rowPixels }: RowListProps,
): void {
  const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - rowPixels;
  if (follows && !isAtEnd && element.scrollTop < before - 1) onFollow?.(false);
  if (!follows && isAtEnd && element.scrollTop > before + 1) onFollow?.(true);
}

function onKey(event: KeyboardEvent, seen: RowWindow, props: RowListProps): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { first, end, active, onActive, onOpen } = props;
  if (end === first) return;
  if (event.key === 'Enter') {
    if (active === undefined) return;
    event.preventDefault();
    onOpen?.(active);
    return;
  }
  const to = placeAfter(event.key, active, seen, props);
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  props.onFollow?.(event.key === 'End' || event.key === 'G');
  onActive?.(Math.max(first, Math.min(end - 1, to)));
}

/** Where a key leads to; undefined for keys of no meaning here. */
function placeAfter(
  key: string,
  active: number | undefined,
  seen: RowWindow,
  { first, end }: RowListProps,
): number | undefined {
  const begin = active ?? seen.firstSeen - 1;
  if (key === 'ArrowDown' || key === 'j') return begin + 1;
  if (key === 'ArrowUp' || key === 'k') return (active ?? seen.endSeen) - 1;
  if (key === 'PageDown') return begin + seen.page;
  if (key === 'PageUp') return begin - seen.page;
  if (key === 'Home' || key === 'g') return first;
  if (key === 'End' || key === 'G') return end - 1;
  return undefined;
}
