import { useSignal } from '@preact/signals';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { go, href } from '../../shell/router.ts';
import { callerName, endOf } from './caller-name.ts';
import { addressOf } from './reader-address.ts';
import { dangerOf } from './reader-danger.ts';
import { t } from './text.ts';
import { type Node, type Topology, topologyOf } from './topology.ts';
import { useReaders } from './use-readers.ts';

/** A drawing of who puts, into which streams, who reads them, and where it goes. */
export function TopologyPage() {
  const asked = useReaders();
  const topology = asked.answer === undefined ? undefined : topologyOf(asked.answer);
  return (
    <>
      <PageHead title={t.topology}>{t.topologyLead}</PageHead>
      <Trouble asked={asked} />
      {topology === undefined && asked.error === undefined && <Skeleton />}
      {topology?.nodes.length === 0 && <EmptyState title={t.nothing}>{t.noneText}</EmptyState>}
      {topology !== undefined && topology.nodes.length > 0 && <Drawing topology={topology} />}
    </>
  );
}

const boxWidth = 204;
const boxHeight = 34;
const columnStep = 266;
const rowStep = 46;
const top = 30;

/** The lines of what is pointed at stand out. */
function Drawing({ topology: { nodes, edges, rows } }: { readonly topology: Topology }) {
  const pointed = useSignal<string | undefined>(undefined);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const heads = [t.producers, t.streams, t.readers, t.places];
  return (
    <div class="topology">
      <svg width={columnStep * 3 + boxWidth + 1} height={top + rows * rowStep}>
        <title>{t.topology}</title>
        {heads.map((head, column) => (
          <text key={head} x={column * columnStep} y={16} class="topology-head">
            {head}
          </text>
        ))}
        {edges.map(({ from, to }) => (
          <path
            key={`${from} ${to}`}
            class={from === pointed.value || to === pointed.value ? 'line pointed' : 'line'}
            d={lineOf(byId.get(from)!, byId.get(to)!)}
          />
        ))}
        {nodes.map((node) => (
          <Box key={node.id} node={node} onPoint={(id) => (pointed.value = id)} />
        ))}
      </svg>
    </div>
  );
}

function lineOf(from: Node, to: Node): string {
  const x1 = from.column * columnStep + boxWidth;
  const x2 = to.column * columnStep;
  const [y1, y2] = [yOf(from) + boxHeight / 2, yOf(to) + boxHeight / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

const yOf = ({ row }: Node) => top + row * rowStep;

function Box({ node, onPoint }: { readonly node: Node; readonly onPoint: (id: string | undefined) => void }) {
  const { id, name, column, reader } = node;
  const target = targetOf(node);
  const state = reader !== undefined && dangerOf(reader) === 'now' ? ' bad' : '';
  const shape = (
    <g class={`box${state}${target === undefined ? '' : ' leads'}`}>
      <title>{reader === undefined ? name : `${name}, ${t[reader.Kind]}`}</title>
      <rect x={column * columnStep} y={yOf(node)} width={boxWidth} height={boxHeight} rx={4} />
      <text x={column * columnStep + 10} y={yOf(node) + 21}>
        {endOf(callerName(name), charactersMax)}
      </text>
    </g>
  );
  const point = { onPointerEnter: () => onPoint(id), onPointerLeave: () => onPoint(undefined) };
  if (target === undefined) return <g {...point}>{shape}</g>;
  const follow = (event: Event) => {
    event.preventDefault();
    go(target);
  };
  return (
    <a
      href={target}
      {...point}
      onFocus={() => onPoint(id)}
      onBlur={() => onPoint(undefined)}
      onClick={follow}
    >
      {shape}
    </a>
  );
}

/** As many as fit a box. */
const charactersMax = 25;

function targetOf({ column, name, reader }: Node): string | undefined {
  if (column === 1) return href(['streams', name]);
  return reader === undefined ? undefined : addressOf(reader);
}
