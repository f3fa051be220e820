import type { FunctionTarget } from '../functions/functions.ts';

/** Path and query of the call that answers the zip of a version; see `GetFunctionCode`. */
export function codeTarget({ name }: FunctionTarget, version: string): string {
  return `/millrace/2026-11-01/functions/${name}/code?Qualifier=${encodeURIComponent(version)}`;
}
