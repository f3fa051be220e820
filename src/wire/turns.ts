/** Work in pieces: after each, others may have their turn of the event loop, or not. */
export type InPieces<Result> = Generator<undefined, Result, undefined>;

/** Does all of it now. */
export function atOnce<Result>(work: InPieces<Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** Does it, and lets `turn` pass after each piece. */
export async function inTurns<Result>(work: InPieces<Result>, turn: () => Promise<void>): Promise<Result> {
  let step = work.next();
  while (!step.done) {
    await turn();
    step = work.next();
  }
  return step.value;
}

/** The bytes of a piece: what is dearest to read takes a millisecond or two. */
export const pieceBytes = 512 * 1024;
/**
 * The same for values, of which a piece may have very many: code that is not compiled yet takes a microsecond
 * for each.
 */
export const pieceValues = 4000;
