import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { type HashRange, shareOf, wholeRange } from './hash-range.ts';

export const t = texts({
  en: {
    map: 'Map',
    table: 'Table',
    show: 'Show shards as',
    heat: 'Colour',
    byShare: 'Share of the records',
    byLimit: 'Use of the shard’s limit',
    shards: 'Shards',
    shard: 'Shard',
    of: (open: number, closed: number) =>
      closed === 0
        ? `${format.number(open)} open`
        : `${format.number(open)} open, ${format.number(closed)} closed`,
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    whole: 'All hash keys',
    mapLabel:
      'Map of shards by hash key. Left and right go to the shard beside, up to its parent, down to its child; plus and minus zoom. The table has the same.',
    several: (count: number) => `${format.number(count)} shards`,
    zoomHint: 'Press to zoom in.',
    ofKeys: (share: string) => `${share} of hash keys`,
    ofRecords: (share: string) => `${share} of records`,
    ofLimit: (use: string) => `${use} of its limit`,
    perSecond: (records: string) => `${records} records/s`,
    open: 'open',
    closed: 'closed',
    hover: 'Point at a shard for its figures, press to choose it.',
    older: (rows: number) => `${format.number(rows)} older generations are in the table.`,
    generation: (row: number) => `generation ${row}`,
    hotKey: (key: string, share: string) => `Key ${key}: ${share} of its shard’s records`,
    nothing: 'nothing',
    upTo: (text: string) => `to ${text}`,
    over: (text: string) => `over ${text}`,
    fair: 'fair share',
    throttledToo: 'or throttled',
  },
  es: {
    map: 'Mapa',
    table: 'Tabla',
    show: 'Mostrar los shards como',
    heat: 'Color',
    byShare: 'Parte de los registros',
    byLimit: 'Uso del límite del shard',
    shards: 'Shards',
    shard: 'Shard',
    of: (open: number, closed: number) =>
      closed === 0
        ? `${format.number(open)} abiertos`
        : `${format.number(open)} abiertos, ${format.number(closed)} cerrados`,
    zoomIn: 'Acercar',
    zoomOut: 'Alejar',
    whole: 'Todas las claves hash',
    mapLabel:
      'Mapa de shards por clave hash. Izquierda y derecha van al shard de al lado, arriba a su padre, abajo a su hijo; más y menos acercan y alejan. La tabla tiene lo mismo.',
    several: (count: number) => `${format.number(count)} shards`,
    zoomHint: 'Pulse para acercar.',
    ofKeys: (share: string) => `${share} de las claves hash`,
    ofRecords: (share: string) => `${share} de los registros`,
    ofLimit: (use: string) => `${use} de su límite`,
    perSecond: (records: string) => `${records} registros/s`,
    open: 'abierto',
    closed: 'cerrado',
    hover: 'Señale un shard para ver sus cifras, pulse para elegirlo.',
    older: (rows: number) => `${format.number(rows)} generaciones más antiguas están en la tabla.`,
    generation: (row: number) => `generación ${row}`,
    hotKey: (key: string, share: string) => `Clave ${key}: ${share} de los registros de su shard`,
    nothing: 'nada',
    upTo: (text: string) => `hasta ${text}`,
    over: (text: string) => `más de ${text}`,
    fair: 'parte justa',
    throttledToo: 'o limitado',
  },
});

/** `shardId-000000000012` as `12`, which is unique in a stream. */
export function shortId(shardId: string): string {
  return String(Number(/(\d+)$/.exec(shardId)?.[1] ?? shardId));
}

/** A share of all hash keys, with digits as far as it has meaning. */
export function keysText(range: HashRange): string {
  return shareText(shareOf(range, wholeRange));
}

/** A share, with two digits even where it is small. */
export function shareText(share: number): string {
  const digits = share === 0 || share >= 0.1 ? 0 : Math.min(6, Math.ceil(-Math.log10(share)) - 1);
  return format.percent(share, digits);
}

/** A place among all hash keys: `25 %`, with more digits the narrower the view is. */
export function placeText(fraction: number, viewShare: number): string {
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(viewShare))));
  return format.percent(fraction, digits);
}
