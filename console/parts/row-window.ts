/**
 * The rows that are drawn, from `from` to before `end`, and those of them in sight; `page` are as many as
 * fit.
 */
export type RowWindow = {
  readonly from: number;
  readonly end: number;
  readonly firstSeen: number;
  readonly endSeen: number;
  readonly page: number;
};

/**
 * Which rows are to be drawn at a place of scrolling; `top` is undefined at the end. All lengths in pixels.
 */
export function rowWindow({ first, end, rowPixels, height, top }: RowsSeen): RowWindow {
  const page = Math.max(1, Math.ceil(height / rowPixels));
  const firstSeen =
    top === undefined
      ? Math.max(first, end - page)
      : Math.max(first, Math.min(first + Math.floor(top / rowPixels), end - page));
  const endSeen = Math.min(end, firstSeen + page);
  return {
    from: Math.max(first, firstSeen - spare),
    end: Math.min(end, endSeen + spare),
    firstSeen,
    endSeen,
    page,
  };
}

export type RowsSeen = {
  readonly first: number;
  readonly end: number;
  readonly rowPixels: number;
  readonly height: number;
  readonly top: number | undefined;
};

/** Rows beyond the edges, so that none is missing while one scrolls. */
const spare = 6;
