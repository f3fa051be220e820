import type { Env } from '../../env/env.ts';
import { AttachedFunctions } from '../../services/lambda/functions/attached-functions.ts';
import type { AttachedHandler } from '../../services/lambda/functions/function-runner.ts';
import type { LateLambda } from '../../services/lambda/late-lambda.ts';
import type { ServerOptions } from '../options.ts';
import type { AttachedSettings } from './attach.ts';
import type { LambdaSurroundings } from './open-lambda.ts';

/** Has a handler of this program be the function of a name; see `attach`. */
export type Attach = (name: string, handler: AttachedHandler, about?: AttachedSettings) => Promise<string>;

/** Lets Lambda be opened from now on. Nothing of it is loaded before. */
export function beginLambda(
  lambda: LateLambda,
  settings: ServerOptions,
  env: Env,
  around: Omit<LambdaSurroundings, 'attached'>,
): Attach {
  const attached = new AttachedFunctions();
  lambda.begin(async (log) => {
    const { openLambda } = await import('./open-lambda.ts');
    return await openLambda(log, settings, env, { ...around, attached });
  }, around.nudge);
  return async (name, handler, about) => {
    const { attach } = await import('./attach.ts');
    const { clock, random } = env;
    return await attach({ lambda, attached, settings, clock, random }, name, handler, about);
  };
}
