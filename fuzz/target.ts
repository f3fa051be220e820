/** A thing that bytes from outside are given to. */
export type Target = {
  /** In kebab-case; `--target` takes it, and findings lie in a folder of this name. */
  readonly name: string;
  /** Inputs to begin with, mostly good ones. */
  readonly seeds: readonly Buffer[];
  /** Pieces that good inputs are made of; mutations insert them. */
  readonly words: readonly string[];
  /** Of an input; 2,048 when not given. */
  readonly bytesMax?: number;
  /**
   * Throws when the thing does what it must not. Otherwise answers, in a few words, what became of the input:
   * inputs with an answer that was not seen before are mutated further. The input must not be changed.
   */
  readonly run: (input: Buffer) => string | Promise<string>;
};

export function seedsOf(...texts: readonly (string | Buffer)[]): Buffer[] {
  return texts.map((text) => (typeof text === 'string' ? Buffer.from(text) : text));
}
