import type { Figures } from './figures.ts';

/** Everything that is told under one name, as Prometheus has it. */
export type Family = {
  /** In base units; that of a counter ends in `_total`. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'info';
  readonly help: string;
  /** The names of the labels that each of its samples has. */
  readonly labels: readonly string[];
  readonly samples: (figures: Figures) => Iterable<Sample>;
};

export type Sample = { readonly labels: Labels } & (Point | Distribution);

type Point = { readonly value: number };

/** `counts[i]` are those of at most `ends[i]`; one more are those beyond. */
export type Distribution = {
  readonly ends: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
};

/** The labels of a row of figures, which several families have a sample of: they are written once. */
export class Labels {
  readonly values: Readonly<Record<string, string>>;
  #text: string | undefined;

  constructor(values: Readonly<Record<string, string>>) {
    this.values = values;
  }

  /** As both formats have them, without braces: `stream="orders",shard="shardId-000000000000"`. */
  get text(): string {
    this.#text ??= Object.entries(this.values)
      .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escaped)}"`)
      .join(',');
    return this.#text;
  }
}

export const noLabels = new Labels({});

type Row = { readonly labels: Labels };

/** Makes families that have a sample for each of some rows, unless it is undefined there. */
export function familiesOf<Of extends Row>(
  labels: readonly string[],
  rows: (figures: Figures) => Iterable<Of>,
) {
  return (
    kind: 'counter' | 'gauge' | 'info',
    name: string,
    help: string,
    value: (row: Of) => number | undefined,
  ): Family => ({
    ...{ kind, name, help, labels },
    *samples(figures) {
      for (const row of rows(figures)) {
        const found = value(row);
        if (found !== undefined) yield { labels: row.labels, value: found };
      }
    },
  });
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
