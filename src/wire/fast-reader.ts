/**
 * Walks over a body once, as far as it is plain: without anything that its encoding allows and hardly any
 * client writes. Every method answers whether what it asks for comes next, and then has passed over it. Where
 * something must come and does not, the body is not plain and not looked at any more; so nothing is promised
 * about bodies that are not valid.
 */
export interface FastReader {
  readonly body: Buffer;
  /** Where the text or the data begin that came last, without what is around them, and where they end. */
  readonly start: number;
  readonly end: number;
  /** How many bytes the data stand for that came last. */
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
   * Whether the next member has this name, given as the encoding writes it; then its value comes next. If
   * not, another name may be asked for.
   */
  name(written: Buffer): boolean;
  /** A text of at most `max` characters of ASCII. */
  text(max: number): boolean;
  data(): boolean;
  isEnd(): boolean;
  /**
   * Writes the data that were found between two places, `dataBytes` of them. False when they turn out to be
   * unreadable.
   */
  writeData(start: number, end: number, bytes: Buffer, at: number, dataBytes: number): boolean;
}

/** What the plain bodies of an encoding are read with. */
export type FastEncoding = {
  reader(body: Buffer): FastReader;
  /** A member's name as it stands in plain bodies. */
  written(name: string): Buffer;
};

/** Whether these bytes stand at a place of a body. */
export function standsAt(body: Buffer, at: number, bytes: Buffer): boolean {
  const { length } = bytes;
  if (at + length > body.length) return false;
  for (let index = 0; index < length; index++) {
    if (body[at + index] !== bytes[index]) return false;
  }
  return true;
}
