import type { CommandWorld } from '../command-world.ts';
import { aboutData } from '../failure.ts';
import { sayOn } from '../status-line.ts';
import { IamClient } from './iam-client.ts';
import { transportTo } from './transport-to.ts';
import { runUser } from './user.ts';
import type { UserRequest } from './user-request.ts';
import { Users } from './users.ts';

/**
 * Carries out a request about users, wherever they are; answers the exit code. Rejects with `IamError` when
 * it is refused, and with `StartError` when it could not be asked.
 */
export async function commandUser(request: UserRequest, world: CommandWorld): Promise<number> {
  const { data } = request.place;
  await (data === undefined ? ask(request, world) : aboutData(data, ask(request, world)));
  return 0;
}

/** Secrets go to where the answer goes, and nowhere else. */
async function ask(request: UserRequest, world: CommandWorld): Promise<void> {
  const mayMake = request.kind === 'create' || request.kind === 'create-root';
  await using transport = await transportTo(request.place, world, mayMake);
  const users = new Users(new IamClient(transport));
  await runUser(request, { users, readFile: world.surroundings.readFile, say: sayOn(world.out) });
}
