import type { Decoder } from '../../../src/views/view.ts';

/** What is looked at, as the address of the page says it: it can be sent to somebody else. */
export type ViewState = {
  /** As the tail route has it, see `parsePosition`. */
  readonly from: string;
  /** None means all. */
  readonly shards: readonly string[];
  readonly where: string;
  readonly decode: Decoder;
  readonly schema: string;
};

export const decoders: readonly Decoder[] = ['auto', 'json', 'text', 'hex', 'base64', 'cbor', 'avro'];

export const plainView: ViewState = { from: 'LATEST', shards: [], where: '', decode: 'auto', schema: '' };

export function viewOf(query: URLSearchParams): ViewState {
  const decode = query.get('decode');
  return {
    from: query.get('from') ?? plainView.from,
    shards: query.getAll('shard'),
    where: query.get('where') ?? '',
    decode: decoders.find((decoder) => decoder === decode) ?? 'auto',
    schema: query.get('schema') ?? '',
  };
}

/** Only what is not as it is to begin with. */
export function queryOfView(view: ViewState): URLSearchParams {
  const query = new URLSearchParams();
  if (view.from !== plainView.from) query.set('from', view.from);
  for (const shard of view.shards) query.append('shard', shard);
  if (view.where !== '') query.set('where', view.where);
  if (view.decode !== 'auto') query.set('decode', view.decode);
  if (view.decode === 'avro' && view.schema !== '') query.set('schema', view.schema);
  return query;
}

/** What the tail route is asked. Without `decode` it answers bytes as they were put. */
export function tailQuery(
  view: ViewState,
  more: { readonly until?: string | undefined; readonly isRaw?: boolean; readonly limit?: number },
): [string, string][] {
  const query: [string, string][] = [['from', view.from]];
  for (const shard of view.shards) query.push(['shard', shard]);
  if (view.where.trim() !== '') query.push(['where', view.where.trim()]);
  if (!more.isRaw) query.push(['decode', view.decode]);
  if (view.decode === 'avro' && view.schema.trim() !== '') query.push(['schema', view.schema.trim()]);
  if (more.until !== undefined) query.push(['until', more.until]);
  if (more.limit !== undefined) query.push(['limit', String(more.limit)]);
  return query;
}
