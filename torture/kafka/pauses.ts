/** How long puts stood still. */
export class Pauses {
  readonly #ms: number[] = [];

  note(ms: number | undefined): void {
    if (ms !== undefined) this.#ms.push(ms);
  }

  /** In a line for the report; nothing when nothing was measured. */
  get figures(): { readonly figures?: string } {
    if (this.#ms.length === 0) return {};
    const sorted = this.#ms.toSorted((one, other) => one - other);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    const said = `all shards took records again after ${seconds(median)} (median of ${sorted.length})`;
    return { figures: `${said}, ${seconds(sorted.at(-1)!)} at most` };
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
