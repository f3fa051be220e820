/** How busy threads and cores are. */
export interface Pressure {
  /** Since it was last asked; the first time, since it was made. */
  look(): Look;
}

export type Look = {
  /** The share of the time, 0 to 1, in which this thread's event loop had something to do. */
  readonly busy: number;
  /** How many cores, with fractions, this process could have had besides those that it used. */
  readonly idleCores: number;
};
