/** What a table says by a name from outside: nothing that every object has (`constructor`, …). */
export function ownOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
