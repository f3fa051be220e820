import { javascriptCode } from './javascript.ts';
import { pythonCode } from './python.ts';
import type { Endpoint, Step } from './request.ts';
import { shellCode } from './shell.ts';

/** A text of code, and what it is for; names of products, which are not translated. */
export type CodeSample = { readonly title: 'AWS CLI' | 'JavaScript' | 'Python'; readonly text: string };

/** The same calls in all languages that are offered. */
export function codeOf(steps: readonly Step[], endpoint: Endpoint): CodeSample[] {
  return [
    { title: 'AWS CLI', text: shellCode(steps, endpoint) },
    { title: 'JavaScript', text: javascriptCode(steps, endpoint) },
    { title: 'Python', text: pythonCode(steps, endpoint) },
  ];
}
