import type { Crumb, Page, Parameters } from '../../shell/page.ts';
import { href } from '../../shell/router.ts';
import { texts } from '../../text/text.ts';

const names = texts({
  en: { streams: 'Streams', records: 'Records', put: 'Put records', query: 'Query', record: 'Record' },
  es: {
    streams: 'Streams',
    records: 'Registros',
    put: 'Enviar registros',
    query: 'Consulta',
    record: 'Registro',
  },
});

const of = 'streams/:stream';

/** What is in a stream: its records, one of them, putting some, and asking for them by SQL. */
export const recordsPages: readonly Page[] = [
  {
    pattern: 'streams/:stream/records',
    title: () => names.records,
    crumbs: toStream,
    tab: { of, label: () => names.records },
    load: async () => (await import('./records-page.tsx')).RecordsPage,
  },
  {
    pattern: 'streams/:stream/put',
    title: () => names.put,
    crumbs: toStream,
    tab: { of, label: () => names.put },
    load: async () => (await import('./put-page.tsx')).PutPage,
  },
  {
    pattern: 'streams/:stream/query',
    title: () => names.query,
    crumbs: toStream,
    tab: { of, label: () => names.query },
    load: async () => (await import('../query/query-page.tsx')).QueryPage,
  },
  {
    pattern: 'streams/:stream/records/:shard/:number',
    title: () => names.record,
    crumbs: (parameters) => [
      ...toStream(parameters),
      { title: names.records, address: href(['streams', parameters['stream']!, 'records']) },
    ],
    load: async () => (await import('./record-page.tsx')).RecordPage,
  },
];

function toStream({ stream = '' }: Parameters): Crumb[] {
  return [
    { title: names.streams, address: href(['streams']) },
    { title: stream, address: href(['streams', stream]) },
  ];
}
