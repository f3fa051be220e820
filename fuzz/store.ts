import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What runs leave for those after them, in files of the repository: every input that ever showed a fault
 * (`findings/<target>/<hash>`, the bytes themselves), and inputs that lead far into the code
 * (`corpus/<target>`, base64 by lines).
 */
export class Store {
  readonly #root: string;

  constructor(root: string = import.meta.dirname) {
    this.#root = root;
  }

  /** The inputs by their names. */
  findings(target: string): Map<string, Buffer> {
    const folder = join(this.#root, 'findings', target);
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  }

  /** Answers the file's path. */
  addFinding(target: string, input: Buffer): string {
    const folder = join(this.#root, 'findings', target);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16));
    writeFileSync(path, input);
    return path;
  }

  corpus(target: string): Buffer[] {
    const path = join(this.#root, 'corpus', target);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'latin1').split('\n');
    return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'base64'));
  }

  /** Keeps the shortest: what is long shows little that short ones do not. */
  keepCorpus(target: string, inputs: readonly Buffer[]): void {
    const lines = inputs.map((input) => input.toString('base64')).filter((line) => line !== '');
    const shortest = [...new Set(lines)]
      .sort((left, right) => left.length - right.length)
      .slice(0, corpusMax);
    mkdirSync(join(this.#root, 'corpus'), { recursive: true });
    writeFileSync(join(this.#root, 'corpus', target), `${shortest.sort().join('\n')}\n`);
  }
}

/** Of each target; a test replays them all. */
const corpusMax = 60;
