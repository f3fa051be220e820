import { mappingIn } from './lambda-machine.ts';
import type { LambdaEdit, LambdaState } from './lambda-state.ts';

/** A fact that is of something that there is not: where a log is whole, there is none. */
export type DanglingFact = { readonly message: string; readonly forget: LambdaEdit };

/** All of them: versions and aliases without a function, cursors and failures without a mapping. */
export function* danglingIn(state: LambdaState): Generator<DanglingFact> {
  for (const kind of ['version', 'alias'] as const) {
    for (const [key] of state.entries(kind)) {
      const name = key.slice(0, key.lastIndexOf(':'));
      if (state.get('function', name) !== undefined) continue;
      yield {
        message: `the function of ${kind} ${key} is missing.`,
        forget: { kind: 'forgotten', of: kind, key },
      };
    }
  }
  for (const kind of ['cursor', 'failure'] as const) {
    for (const [key] of state.entries(kind)) {
      if (state.get('mapping', mappingIn(key)) !== undefined) continue;
      yield {
        message: `the mapping of ${kind} ${key} is missing.`,
        forget: { kind: 'forgotten', of: kind, key },
      };
    }
  }
}
