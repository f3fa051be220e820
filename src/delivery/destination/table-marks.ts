import type { ChunkPlan, Positions } from '../state/delivery-state.ts';

/** What a table says of the last chunk that was committed to it. */
export type TableMarks = {
  readonly chunk: number;
  /** Of the plan: another chunk may have the number, where one has lost its journal. */
  readonly random: string;
  readonly to: Positions;
};

/** The same for the same plan, always. */
export function marksOf({ number, random, to }: ChunkPlan): string {
  const shards = Object.keys(to).sort((a, b) => Number(a) - Number(b));
  const positions = shards.map((shard) => {
    const { next, isFinished } = to[shard]!;
    return [shard, isFinished === true ? { next, isFinished } : { next }];
  });
  return JSON.stringify({ chunk: number, random, to: Object.fromEntries(positions) } satisfies TableMarks);
}

/** Undefined for what is none. */
export function readMarks(text: string | undefined): TableMarks | undefined {
  if (text === undefined) return undefined;
  try {
    const marks = JSON.parse(text) as Partial<TableMarks>;
    const isWhole = typeof marks.chunk === 'number' && typeof marks.to === 'object' && marks.to !== null;
    return isWhole && typeof marks.random === 'string' ? (marks as TableMarks) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
