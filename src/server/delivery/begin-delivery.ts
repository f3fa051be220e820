import type { Env } from '../../env/env.ts';
import type { ServerOptions } from '../options.ts';
import type { LateDelivery } from './late-delivery.ts';
import type { DeliverySurroundings } from './open-delivery.ts';

/** Lets deliveries be opened from now on. Nothing of them is loaded before. */
export function beginDelivery(
  delivery: LateDelivery,
  settings: ServerOptions,
  env: Env,
  around: DeliverySurroundings,
): void {
  delivery.begin(async (log) => {
    const { openDelivery } = await import('./open-delivery.ts');
    return await openDelivery(log, settings, env, around);
  }, around.nudge);
}
