import type { ListReadersAnswer, ReaderSight } from '../../../src/services/millrace/sights.ts';

/** What stands in a column of the drawing: who puts, streams, who reads, where it goes. */
export type Node = {
  readonly id: string;
  readonly column: 0 | 1 | 2 | 3;
  readonly name: string;
  readonly about: string;
  readonly reader?: ReaderSight;
  /** The place in its column, from 0. */
  readonly row: number;
};

export type Edge = { readonly from: string; readonly to: string };

export type Topology = {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly rows: number;
};

/**
 * Who feeds whom. Streams are by name; whoever puts or reads stands near the streams that it does so with: by
 * the mean of their rows, so that few lines cross (the barycentre of Sugiyama et al., 1981).
 */
export function topologyOf({
  Readers,
  Producers,
}: Pick<ListReadersAnswer, 'Readers' | 'Producers'>): Topology {
  const edges: Edge[] = [];
  const found = new Map<string, Omit<Node, 'row'>>();
  const add = (node: Omit<Node, 'row'>) => {
    if (!found.has(node.id)) found.set(node.id, node);
    return node.id;
  };
  const streamOf = (name: string) => add({ id: `stream/${name}`, column: 1, name, about: '' });
  for (const { Name, StreamName } of Producers) {
    edges.push({
      from: add({ id: `producer/${Name}`, column: 0, name: Name, about: '' }),
      to: streamOf(StreamName),
    });
  }
  for (const reader of Readers) {
    const { Kind, Name, StreamName, To } = reader;
    const id = `reader/${Kind}/${Name}${Kind === 'polling' ? '' : `/${StreamName}`}`;
    edges.push({ from: streamOf(StreamName), to: add({ id, column: 2, name: Name, about: Kind, reader }) });
    if (To === undefined) continue;
    edges.push({ from: id, to: add({ id: `place/${To}`, column: 3, name: To, about: '' }) });
  }
  const nodes = placed([...found.values()], edges);
  return { nodes, edges: unique(edges), rows: Math.max(0, ...nodes.map(({ row }) => row + 1)) };
}

function placed(all: readonly Omit<Node, 'row'>[], edges: readonly Edge[]): Node[] {
  const rowOf = new Map<string, number>();
  const placeColumn = (column: number, weight: (id: string) => number) => {
    const own = all.filter((node) => node.column === column);
    const weights = new Map(own.map(({ id }) => [id, weight(id)]));
    own.sort(
      (one, other) => weights.get(one.id)! - weights.get(other.id)! || (one.name < other.name ? -1 : 1),
    );
    for (const [row, { id }] of own.entries()) rowOf.set(id, row);
  };
  const mean = (rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + row, 0) / Math.max(1, rows.length);
  const before = (id: string) =>
    mean(edges.filter(({ to }) => to === id).map(({ from }) => rowOf.get(from) ?? 0));
  const after = (id: string) =>
    mean(edges.filter(({ from }) => from === id).map(({ to }) => rowOf.get(to) ?? 0));
  placeColumn(1, () => 0);
  placeColumn(0, after);
  placeColumn(2, before);
  placeColumn(3, before);
  return all.map((node) => ({ ...node, row: rowOf.get(node.id)! }));
}

function unique(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}
