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

export function viewOf(query: ReadonlyMap<string, string>): ViewState {
  const decode = query.get('decode');
  return {
    from: query.get('from') ?? plainView.from,
    shards: (query.get('shards') ?? '').split(',').filter((shard) => shard !== ''),
    where: query.get('where') ?? '',
    decode: decoders.find((decoder) => decoder === decode) ?? 'auto',
    schema: query.get('schema') ?? '',
  };
}

/** Only what is not as it is to begin with. */
export function queryOfView(view: ViewState): Readonly<Record<string, string | undefined>> {
  return {
    from: view.from === plainView.from ? undefined : view.from,
    shards: view.shards.length === 0 ? undefined : view.shards.join(','),
    where: view.where === '' ? undefined : view.where,
    decode: view.decode === 'auto' ? undefined : view.decode,
    schema: view.decode === 'avro' && view.schema !== '' ? view.schema : undefined,
  };
}

/** What the tail route is asked. Without `decode` it answers bytes as they were put. */
export function tailQuery(
  view: ViewState,
  { until, isRaw = false }: { readonly until?: string | undefined; readonly isRaw?: boolean } = {},
): Readonly<Record<string, string | readonly string[] | undefined>> {
  const isAvro = view.decode === 'avro' && view.schema.trim() !== '';
  return {
    from: view.from,
    shard: view.shards,
    where: view.where.trim() === '' ? undefined : view.where.trim(),
    decode: isRaw ? undefined : view.decode,
    schema: isAvro && !isRaw ? view.schema.trim() : undefined,
    until,
  };
}
