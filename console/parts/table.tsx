import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { go } from '../shell/router.ts';
import { language } from '../text/text.ts';
import { Skeleton } from './skeleton.tsx';
import { sortAfterPress, sorted, sortOf } from './sorted.ts';
import { useVirtualRows } from './virtual-rows.ts';

/**
 * A table of any number of rows, of which those in sight are drawn. It scrolls in itself. With the focus in
 * it, `j` and `k` or the arrows go from row to row, Home and End to the ends, Enter opens.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, isLoading = false, empty, rowsShown } = props;
  const chosenSort = useSignal(props.sort);
  const sort = props.onSort === undefined ? chosenSort.value : props.sort;
  const rows = useMemo(() => sorted(props.rows, columns, sort), [props.rows, columns, sort]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(scroller, rows.length, rowPixels);
  const latest = useRef({ table: props, rows });
  latest.current = { table: props, rows };
  const keys = useRowKeys(scroller, latest, virtual.scrollTo);
  useFollowing(scroller, props.follows === true, rows);
  const press = (id: string) => {
    const next = sortAfterPress(sort, id);
    if (props.onSort === undefined) chosenSort.value = next;
    else props.onSort(next);
  };
  const tracks = columns.map(({ width = 'minmax(6rem, 1fr)' }) => width).join(' ');
  const height = rowsShown === undefined ? undefined : `${(rowsShown + 1) * rowPixels + 2}px`;
  return (
    <div class="table" ref={scroller} style={{ maxHeight: height }}>
      <table aria-label={label} aria-rowcount={rows.length + 1} style={{ '--tracks': tracks }}>
        <Head columns={columns} sort={sort} onPress={press} />
        <tbody>
          <Space pixels={virtual.pixelsBefore} />
          {virtual.shown.map((index) => (
            <Line key={props.keyOf(rows[index]!)} {...{ columns, index, keys, latest }} row={rows[index]!} />
          ))}
          <Space pixels={virtual.pixelsAfter} />
        </tbody>
      </table>
      {rows.length === 0 && <div class="table-empty">{isLoading ? <Skeleton /> : empty}</div>}
    </div>
  );
}

/** A column of a table. */
export type Column<Row> = {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What the rows are sorted by, where they may be by this column. */
  readonly sortBy?: (row: Row) => string | number | bigint;
  /** Numbers stand at the end. */
  readonly align?: 'end';
  /** A track of a CSS grid, such as `minmax(12rem, 2fr)`; `minmax(6rem, 1fr)` where it is absent. */
  readonly width?: string;
};

export type TableProps<Row> = {
  /** What the table is of, for whoever hears it. */
  readonly label: string;
  readonly rows: readonly Row[];
  /** As long as they are the same array, a row is drawn anew only when it is another object. */
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Where Enter and a click on a row lead: an address of the console … */
  readonly addressOf?: ((row: Row) => string) | undefined;
  /** … or what they do. */
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** The id of a column, with a dash before it for the other way round: what it is sorted by at first. */
  readonly sort?: string | undefined;
  /** With it, `sort` is what it is sorted by always: a parameter of the address, mostly. */
  readonly onSort?: ((sort: string) => void) | undefined;
  /** Stands in the place of rows where there are none. */
  readonly empty?: ComponentChildren;
  /** While the first rows are loaded. */
  readonly isLoading?: boolean;
  /** The most lines of rows before it scrolls in itself; as many as fit the window where it is absent. */
  readonly rowsShown?: number | undefined;
  /** Keeps the last row in sight, as long as nobody scrolled away: for tails, whose last is the newest. */
  readonly follows?: boolean;
};

const rowPixels = 32;

function open<Row>({ addressOf, onOpen }: TableProps<Row>, row: Row): void {
  if (addressOf !== undefined) go(addressOf(row));
  else onOpen?.(row);
}

function Head<Row>({ columns, sort, onPress }: HeadProps<Row>) {
  const { id: sortedBy, isDescending } = sortOf(sort);
  return (
    <thead>
      <tr class="table-row table-head">
        {columns.map(({ id, title, sortBy, align }) => (
          <th
            key={id}
            scope="col"
            class={align === 'end' ? 'table-cell end' : 'table-cell'}
            aria-sort={id !== sortedBy ? 'none' : isDescending ? 'descending' : 'ascending'}
          >
            {sortBy === undefined ? (
              title
            ) : (
              <button type="button" class="table-sort" onClick={() => onPress(id)}>
                {title}
                <span aria-hidden="true">{id !== sortedBy ? '' : isDescending ? ' ↓' : ' ↑'}</span>
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

type HeadProps<Row> = {
  readonly columns: readonly Column<Row>[];
  readonly sort: string | undefined;
  readonly onPress: (id: string) => void;
};

function Line<Row>({ columns, row, index, keys, latest }: LineProps<Row>) {
  const isCurrent = index === keys.current;
  // What was drawn before is left as it is without being compared.
  return useMemo(() => {
    const { table } = latest.current;
    const isOpenable = table.addressOf !== undefined || table.onOpen !== undefined;
    const address = table.addressOf?.(row);
    const click = (event: MouseEvent) => {
      // A control in the row, and a link, do what they do by themselves; who selects text opens nothing.
      const isOfControl = (event.target as Element).closest('a, button, input, select, label') !== null;
      if (isOpenable && !isOfControl && getSelection()?.isCollapsed !== false)
        open(latest.current.table, row);
    };
    return (
      <tr
        class={isOpenable ? 'table-row openable' : 'table-row'}
        aria-rowindex={index + 2}
        tabIndex={isCurrent ? 0 : -1}
        data-row={index}
        onClick={click}
        onKeyDown={keys.onKeyDown}
        onFocus={() => keys.onFocus(index)}
      >
        {columns.map(({ id, cell, align }, place) => (
          <td key={id} class={align === 'end' ? 'table-cell end' : 'table-cell'}>
            {place === 0 && address !== undefined ? (
              <a href={address} tabIndex={-1}>
                {cell(row)}
              </a>
            ) : (
              cell(row)
            )}
          </td>
        ))}
      </tr>
    );
  }, [columns, row, index, isCurrent, language.value]);
}

/** The room of rows that are not drawn. */
function Space({ pixels }: { readonly pixels: number }) {
  return pixels === 0 ? null : <tr class="table-space" style={{ height: `${pixels}px` }} />;
}

type LineProps<Row> = {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly index: number;
  readonly keys: RowKeys;
  readonly latest: Latest<Row>;
};

/** What was drawn last: handlers of rows that were left as they are ask it. */
type Latest<Row> = {
  readonly current: { readonly table: TableProps<Row>; readonly rows: readonly Row[] };
};

type RowKeys = {
  /** The row that Tab leads to. */
  readonly current: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (index: number) => void;
};

/** A row may have to be scrolled to before it is drawn and can have the focus. */
function useRowKeys<Row>(
  scroller: { readonly current: HTMLElement | null },
  latest: Latest<Row>,
  scrollTo: (index: number) => void,
): RowKeys {
  const current = useSignal(0);
  const wanted = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (row === null || row === undefined) return;
    wanted.current = undefined;
    row.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.currentTarget as HTMLElement;
    if (event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
    const { table, rows } = latest.current;
    const index = Number(row.dataset['row']);
    if (event.key === 'Enter') return open(table, rows[index]!);
    const next = rowAfterKey(event.key, index, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    wanted.current = next;
    current.value = next;
    scrollTo(next);
  };
  const onFocus = (index: number) => {
    current.value = index;
  };
  return {
    current: Math.min(current.value, Math.max(0, latest.current.rows.length - 1)),
    onKeyDown,
    onFocus,
  };
}

/** Where a key leads from a row; undefined where it leads nowhere. */
function rowAfterKey(key: string, index: number, count: number): number | undefined {
  const last = count - 1;
  if (key === 'j' || key === 'ArrowDown') return Math.min(last, index + 1);
  if (key === 'k' || key === 'ArrowUp') return Math.max(0, index - 1);
  if (key === 'PageDown') return Math.min(last, index + pageRows);
  if (key === 'PageUp') return Math.max(0, index - pageRows);
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
}

const pageRows = 10;

function useFollowing<Row>(
  scroller: { readonly current: HTMLElement | null },
  follows: boolean,
  rows: readonly Row[],
): void {
  const wasAtEnd = useRef(true);
  const element = scroller.current;
  if (element !== null) {
    wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 2 * rowPixels;
  }
  useLayoutEffect(() => {
    if (follows && wasAtEnd.current && scroller.current !== null) {
      scroller.current.scrollTop = scroller.current.scrollHeight;
    }
  }, [rows, follows]);
}
