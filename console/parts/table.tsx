import type { ComponentChildren } from 'preact';

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
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Where Enter and a click on a row lead: an address of the console … */
  readonly addressOf?: (row: Row) => string;
  /** … or what they do. */
  readonly onOpen?: (row: Row) => void;
  /** The id of a column, with a dash before it for the other way round: what it is sorted by at first. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Stands in the place of rows where there are none. */
  readonly empty?: ComponentChildren;
  /** While the first rows are loaded. */
  readonly isLoading?: boolean;
  /** The most lines of rows before it scrolls in itself; as many as fit the window where it is absent. */
  readonly rowsShown?: number;
  /** Keeps the newest row in sight, as long as nobody scrolled away: for tails, whose last row is the newest. */
  readonly follows?: boolean;
};
