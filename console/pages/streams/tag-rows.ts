/** A tag as it is being typed. */
export type TagRow = { readonly key: string; readonly value: string };

export type Tags = Readonly<Record<string, string>>;

export function rowsOf(tags: Tags): TagRow[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** The tags of rows; a row without a key and a value is none. */
export function tagsOf(rows: readonly TagRow[]): Tags {
  return Object.fromEntries(rows.filter(isMeant).map(({ key, value }) => [key, value]));
}

/** The first key that stands twice, or '' for a value without a key; undefined when all is well. */
export function tagTrouble(rows: readonly TagRow[]): string | undefined {
  const keys = rows.filter(isMeant).map(({ key }) => key);
  return keys.find((key, index) => key === '' || keys.indexOf(key) < index);
}

function isMeant({ key, value }: TagRow): boolean {
  return key !== '' || value !== '';
}
