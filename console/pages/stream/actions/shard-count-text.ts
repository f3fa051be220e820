import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';

const t = texts({
  en: {
    shards: (count: number) => (count === 1 ? 'one shard' : `${format.number(count)} shards`),
    afterwards: (after: number, more: number) => {
      const open = after === 1 ? 'One shard is open' : `${format.number(after)} shards are open`;
      if (more === 0) return `${open} afterwards, as many as now.`;
      const difference = `${format.number(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} than now`;
      return `${open} afterwards, ${difference}. AWS bills open shards by the hour; closed ones cost nothing.`;
    },
    readers:
      'No record is lost or moved: closed shards keep theirs until they expire, and readers go on with the new ones after them. Records are put all the while.',
  },
  es: {
    shards: (count: number) => (count === 1 ? 'un shard' : `${format.number(count)} shards`),
    afterwards: (after: number, more: number) => {
      const open = after === 1 ? 'Queda abierto un shard' : `Quedan abiertos ${format.number(after)} shards`;
      if (more === 0) return `${open}, tantos como ahora.`;
      const difference = `${format.number(Math.abs(more))} ${more > 0 ? 'más' : 'menos'} que ahora`;
      return `${open}, ${difference}. AWS cobra los shards abiertos por hora; los cerrados no cuestan nada.`;
    },
    readers:
      'Ningún registro se pierde ni se mueve: los shards cerrados guardan los suyos hasta que caducan, y los lectores siguen después con los nuevos. Mientras tanto se siguen poniendo registros.',
  },
});

export function shardCountText(count: number): string {
  return t.shards(count);
}

/** What a change of the number of open shards costs and means. */
export function afterwards(open: number, more: number): string[] {
  return [t.afterwards(open + more, more), t.readers];
}
