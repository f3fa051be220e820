import { invalidArgument } from './target.ts';

/** A NextToken for what comes after a name. It holds nothing that its holder was not shown. */
export function markerOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** The name that it holds, none without one. InvalidArgumentException for what is none. */
export function markerIn(token: string | undefined): string {
  if (token === undefined) return '';
  const name = Buffer.from(token, 'base64url').toString();
  if (name === '' || markerOf(name) !== token) throw invalidArgument('Invalid NextToken.');
  return name;
}
