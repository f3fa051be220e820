import type { SaidError } from './signed-send.ts';

/** The `Code` and the `Message` of an error in XML, as SNS and S3 answer it. */
export function xmlError(body: string): SaidError {
  return { code: textOf(body, 'Code'), message: textOf(body, 'Message') };
}

function textOf(body: string, name: string): string {
  const start = body.indexOf(`<${name}>`);
  const end = body.indexOf(`</${name}>`, start);
  if (start === -1 || end === -1) return '';
  const text = body.slice(start + name.length + 2, end);
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity]!);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
