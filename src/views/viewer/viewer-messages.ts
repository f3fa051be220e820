import type { SourceSlice } from '../../delivery/source/source-slice.ts';
import type { Port, WorkerProgram } from '../../env/workers.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { ScanBounds } from '../query/run-query.ts';
import type { Decoding } from '../view.ts';

/** What is to be made of records. */
export type ViewSpec =
  | {
      readonly kind: 'tail';
      /** An expression of CEL; undefined for all records. */
      readonly where: string | undefined;
      readonly decoding: Decoding;
      /** Whether records are shown decoded, or as they were put. */
      readonly isDecoded: boolean;
    }
  | { readonly kind: 'query'; readonly sql: string; readonly decoding: Decoding };

/** What a view is given to go on with. */
export type ViewGo = {
  readonly slices: readonly SourceSlice[];
  /** Of a tail: how many records there is room for. */
  readonly matchedMax: number;
  /** Of a query: which of its scans the records are for, and whether they are the last ones. */
  readonly scan?: number | undefined;
  readonly isLast?: boolean | undefined;
};

/** What it made of that. */
export type ViewSaid = {
  /** Events, the last one without the empty line that ends it; empty for none. */
  readonly events: Uint8Array;
  readonly records: number;
  readonly matched: number;
  readonly cut?: { readonly slice: number; readonly next: Offset } | undefined;
  /** Of a query: what it has to be given before it can go on. */
  readonly wants?: ViewWant | undefined;
  readonly isOver?: boolean | undefined;
};

/** More of a scan; `bounds` are there the first time. */
export type ViewWant = { readonly scan: number; readonly bounds?: ScanBounds | undefined };

/** What the viewer is asked: it answers each but `close`, in order. */
export type ViewerAsk =
  | { readonly kind: 'open'; readonly view: number; readonly spec: ViewSpec }
  | { readonly kind: 'go'; readonly view: number; readonly go: ViewGo }
  | { readonly kind: 'close'; readonly view: number };

export type ViewerAnswer =
  | { readonly kind: 'opened'; readonly columns: readonly string[] }
  | { readonly kind: 'said'; readonly said: ViewSaid }
  /** What was typed makes no sense. */
  | { readonly kind: 'refused'; readonly message: string; readonly position: number | undefined }
  | { readonly kind: 'failed'; readonly message: string };

export type ViewerPorts = { readonly asks: Port<ViewerAnswer, ViewerAsk> };
export type ViewerProgram = WorkerProgram<undefined, ViewerPorts>;
