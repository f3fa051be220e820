/** How busy a thread and its machine are. */
export interface Pressure {
  /**
   * The share of the time, 0 to 1, in which this thread's event loop had something to do, since it was last
   * asked or made.
   */
  busy(): number;
  /**
   * How many cores, with fractions, this process could have had besides those that it used, since it was last
   * asked; 0 the first time.
   */
  idleCores(): number;
  /** How many bytes of what stays the heap of this thread can have before V8 ends the process. */
  heapBytesMax(): number;
}
