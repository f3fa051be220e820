/** A query as the address of its page has it. Range and end are as people type them, see `parsePosition`. */
export type QueryAddress = {
  readonly stream: string;
  readonly sql: string;
  readonly from: string;
  readonly until: string;
};

export const plainQuery: Omit<QueryAddress, 'stream'> = {
  sql: 'SELECT time, key, size, body FROM records LIMIT 100',
  from: '-1h',
  until: '',
};

export function addressOf(query: URLSearchParams): QueryAddress {
  return {
    stream: query.get('stream') ?? '',
    sql: query.get('sql') ?? plainQuery.sql,
    from: query.get('from') ?? plainQuery.from,
    until: query.get('until') ?? plainQuery.until,
  };
}

export function queryOfAddress(address: QueryAddress): URLSearchParams {
  const query = new URLSearchParams();
  if (address.stream !== '') query.set('stream', address.stream);
  for (const name of ['sql', 'from', 'until'] as const) {
    if (address[name] !== plainQuery[name]) query.set(name, address[name]);
  }
  return query;
}
