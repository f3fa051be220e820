import type { FunctionTarget } from '../functions/functions.ts';

/** Path and query of the call that answers the zip of what a target names; see `GetFunctionCode`. */
export function codeTarget({ account, name, qualifier }: FunctionTarget): string {
  // The caller may be of another account.
  const path = `/millrace/2026-11-01/functions/${encodeURIComponent(`${account}:function:${name}`)}/code`;
  return qualifier === undefined ? path : `${path}?Qualifier=${encodeURIComponent(qualifier)}`;
}
