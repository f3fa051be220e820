/** JSON for reading: on one line where it fits, otherwise a member a line. Long texts are cut. */
export function layout(value: unknown, indent = '', room = 110): string {
  const line = inline(value);
  if (indent.length + line.length <= room || value === null || typeof value !== 'object') return line;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.map((item) => inner + layout(item, inner, room))
    : Object.entries(value).map(
        ([name, item]) => `${inner}${JSON.stringify(name)}: ${layout(item, inner, room)}`,
      );
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}: ${inline(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(typeof value === 'string' ? cut(value) : value);
}

function cut(text: string): string {
  return text.length <= longest
    ? text
    : `${text.slice(0, 100)}… (${text.length} characters) …${text.slice(-150)}`;
}

const longest = 700;
