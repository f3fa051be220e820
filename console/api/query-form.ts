import { escaped } from './sigv4.ts';

/**
 * An input in the form of AWS's query protocol: lists as `Name.member.1`, structures as `Name.Part`. Absent
 * values are left out.
 */
export function queryForm(
  operation: string,
  version: string,
  input: Readonly<Record<string, unknown>>,
): string {
  const fields: [string, string][] = [
    ['Action', operation],
    ['Version', version],
  ];
  for (const [name, value] of Object.entries(input)) addTo(fields, name, value);
  return fields.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
}

function addTo(fields: [string, string][], name: string, value: unknown): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) addTo(fields, `${name}.member.${index + 1}`, member);
  } else if (typeof value === 'object' && value !== null) {
    for (const [part, inner] of Object.entries(value)) addTo(fields, `${name}.${part}`, inner);
  } else fields.push([name, String(value)]);
}
