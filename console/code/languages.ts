import { javascriptCode } from './javascript.ts';
import { pythonCode } from './python.ts';
import type { Endpoint, Step } from './request.ts';
import { shellCode } from './shell.ts';

/** The same calls in the languages that are offered, by the language's name. */
export function codeOf(steps: readonly Step[], endpoint: Endpoint): Readonly<Record<CodeLanguage, string>> {
  return {
    'AWS CLI': shellCode(steps, endpoint),
    JavaScript: javascriptCode(steps, endpoint),
    Python: pythonCode(steps, endpoint),
  };
}

export type CodeLanguage = 'AWS CLI' | 'JavaScript' | 'Python';
