import type { SeededRandom } from '../../harness/random.ts';
import type { MemoryGauge } from './gauge.ts';
import { Line, type LineOptions } from './line.ts';
import type { Target } from './target.ts';

/** Something that once did harm, said in the same words again. */
export type Input = {
  readonly name: string;
  /** In the clear, over TLS, or one after the other. */
  readonly over: readonly ('clear' | 'tls')[];
  /** Sits through a deadline of the server's while others do their part. */
  readonly isLasting?: true;
  /** Broken promises. That the process lives and others are served is looked at from elsewhere. */
  run(scene: Scene): Promise<readonly string[]>;
};

export type Scene = {
  readonly target: Target;
  readonly secure: boolean;
  readonly random: SeededRandom;
  readonly gauge: MemoryGauge;
};

export function lineTo({ target, secure }: Scene, options: Omit<LineOptions, 'port'> = {}): Promise<Line> {
  return Line.open({ port: target.port, secure, ...options });
}

/** Opens many, a few at a time: a server's queue of connections that it has not looked at yet is short. */
export async function linesTo(
  scene: Scene,
  count: number,
  options: Omit<LineOptions, 'port'> = {},
): Promise<Line[]> {
  const lines: Line[] = [];
  while (lines.length < count) {
    const length = Math.min(openingMax, count - lines.length);
    lines.push(...(await Promise.all(Array.from({ length }, () => lineTo(scene, options)))));
  }
  return lines;
}

const openingMax = 10;

/** `brief` or `full`, by the scale of the target. */
export function amount({ target }: Scene, brief: number, full: number): number {
  return target.scale === 'brief' ? brief : full;
}
