import type { Clock } from '../../src/env/clock.ts';
import type { Disk } from '../../src/env/disk.ts';
import type { Random } from '../../src/env/random.ts';
import { type FollowedControl, openControl } from '../../src/gateway/control.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { startSecurity } from '../../src/server/security.ts';

/** The journals of a server on the memory engine, with their secrets, and what lets callers in. */
export async function controlPlane(
  env: { readonly clock: Clock; readonly random: Random },
  options: Partial<ServerOptions> = {},
): Promise<{ control: FollowedControl } & Awaited<ReturnType<typeof startSecurity>>> {
  const control = await openControl(openMemoryLog(env.clock));
  const settings = { ...defaultOptions, ...options, memory: true };
  // The memory engine never touches it.
  return { control, ...(await startSecurity(control, settings, undefined, { ...env, disk: {} as Disk })) };
}
