/** Ends a sentence about an unknown name: ` (did you mean port?)`, or nothing when no known name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/**
 * The known name that is fewest typing slips away from `name`; undefined when each is further than a third of
 * its length. Case, dashes and underscores do not count.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const slips = slipsBetween(bare(name), bare(candidate));
    const allowed = Math.max(1, Math.floor(bare(candidate).length / 3));
    if (slips <= allowed && slips < least) {
      best = candidate;
      least = slips;
    }
  }
  return best;
}

function bare(name: string): string {
  // No name is longer than this, and the time below grows with the length.
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, '');
}

/** Letters added, left out or changed, and neighbours that changed places (optimal string alignment). */
function slipsBetween(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      let slips = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + changed);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) slips = Math.min(slips, beforeLast[column - 2]! + 1);
      current.push(slips);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length]!;
}
