import type { Place } from './place.ts';

/** A bug that is planted in the source on its way into the program. The source on the disk stays clean. */
export type Mutant = {
  readonly name: string;
  /** What is wrong, as a sentence. */
  readonly sentence: string;
  readonly edits: readonly SourceEdit[];
  readonly proof: Proof;
};

/** `find` stands exactly once in the file; else the mutant has rotted, and says so. */
export type SourceEdit = { readonly file: string; readonly find: string; readonly replace: string };

/**
 * What catches it. In the simulation: the first word of a broken promise that it must come to, and the world
 * in which it does, which moves as the program changes. Otherwise a test, which fails.
 */
export type Proof =
  | { readonly kind: 'simulation'; readonly breaks: string; readonly place: Place }
  | { readonly kind: 'test'; readonly file: string; readonly test: string };

export function simulation(breaks: string, place: Place = '1'): Proof {
  return { kind: 'simulation', breaks, place };
}

/** The text of a source file with the mutant in it. */
export function plant({ name, edits }: Mutant, file: string, text: string): string {
  let planted = text;
  for (const { find, replace } of edits.filter((edit) => edit.file === file)) {
    const pieces = planted.split(find);
    if (pieces.length !== 2) {
      throw new Error(
        `The mutant '${name}' expects its text once in ${file}, and finds it ${pieces.length - 1} times: ${find}`,
      );
    }
    planted = pieces.join(replace);
  }
  return planted;
}
