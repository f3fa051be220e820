import type { Env } from '../../env/env.ts';
import type { OpenLambda } from '../../services/lambda/late-lambda.ts';
import type { ServerOptions } from '../options.ts';
import type { LambdaSurroundings } from './open-lambda.ts';

/** How Lambda is opened in a server, which loads nothing of it before. */
export function lambdaOn(settings: ServerOptions, env: Env, around: LambdaSurroundings): OpenLambda {
  return async (log) => {
    const { openLambda } = await import('./open-lambda.ts');
    return await openLambda(log, settings, env, around);
  };
}
