/**
 * Walks over a plain body once: one without anything that its encoding allows and hardly any client writes.
 * Every method answers whether what it asks for comes next, and then has passed over it. Where something has
 * to come and does not, the body is not plain and reading stops; so nothing is promised about invalid bodies.
 */
export interface FastReader {
  readonly body: Buffer;
  /** Where the last text or data begin and end, without delimiters. */
  readonly start: number;
  readonly end: number;
  /** How many bytes the last data decode to. */
  readonly dataBytes: number;
  /** Enters a map that is not empty. */
  openMap(): boolean;
  /** Enters a list that is not empty. */
  openList(): boolean;
  /** Whether the map or the list has one more member or item. */
  more(): boolean;
  /** Leaves a map that has no more. */
  closeMap(): boolean;
  closeList(): boolean;
  /**
   * Whether the next member has this name, as the encoding writes it; its value then comes next. If not,
   * another name may be tried.
   */
  name(written: Buffer): boolean;
  /** A text of at most `max` ASCII characters. */
  text(max: number): boolean;
  data(): boolean;
  isEnd(): boolean;
  /** Writes the `dataBytes` of the data between two places. False when they cannot be decoded. */
  writeData(start: number, end: number, bytes: Buffer, at: number, dataBytes: number): boolean;
}

/** What plain bodies of an encoding are read with. */
export type FastEncoding = {
  reader(body: Buffer): FastReader;
  /** A member's name as plain bodies have it. */
  written(name: string): Buffer;
};

/** Whether a body has these bytes at a place. */
export function standsAt(body: Buffer, at: number, bytes: Buffer): boolean {
  const { length } = bytes;
  if (at + length > body.length) return false;
  for (let index = 0; index < length; index++) {
    if (body[at + index] !== bytes[index]) return false;
  }
  return true;
}
