/** A query as the address of its page has it. Range and end are as people type them, see `parsePosition`. */
export type QueryAddress = { readonly sql: string; readonly from: string; readonly until: string };

export const plainQuery: QueryAddress = {
  sql: 'SELECT time, key, size, body FROM records LIMIT 100',
  from: '-1h',
  until: '',
};

export function addressOf(query: ReadonlyMap<string, string>): QueryAddress {
  return {
    sql: query.get('sql') ?? plainQuery.sql,
    from: query.get('from') ?? plainQuery.from,
    until: query.get('until') ?? plainQuery.until,
  };
}

/** Only what is not as it is to begin with. */
export function queryOfAddress(address: QueryAddress): Readonly<Record<string, string | undefined>> {
  const given = (name: keyof QueryAddress) =>
    address[name] === plainQuery[name] ? undefined : address[name];
  return { sql: given('sql'), from: given('from'), until: given('until') };
}
