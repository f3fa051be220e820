import type { Millis } from '../../../env/clock.ts';
import type { RunnableFunction } from './function-runner.ts';

/** How functions reach this server with an SDK of AWS. */
export interface FunctionAccess {
  /**
   * The variables of its environment that say where this server is and who the function is: an instance is
   * given them when it starts. Undefined `until` for what is good for ever; an instance that starts to run
   * something later than that is to be replaced before.
   */
  variablesFor(of: Pick<RunnableFunction, 'account' | 'region' | 'name' | 'settings'>): FunctionVariables;
}

export type FunctionVariables = {
  readonly variables: Readonly<Record<string, string>>;
  readonly until: Millis | undefined;
};
