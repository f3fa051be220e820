import { IamClient } from './iam-client.ts';
import { runUser } from './user.ts';
import { type Surroundings, transportTo } from './user-place.ts';
import type { UserRequest } from './user-request.ts';
import { Users } from './users.ts';

/**
 * Carries out a request about users, wherever they are, and says what came of it. Rejects with `IamError`
 * when it is refused, and with `StartError` when it could not be asked.
 */
export async function commandUser(
  request: UserRequest,
  surroundings: Surroundings,
  say: (text: string) => void,
): Promise<void> {
  const mayMake = request.kind === 'create' || request.kind === 'create-root';
  await using transport = await transportTo(request.place, surroundings, mayMake);
  const users = new Users(new IamClient(transport));
  await runUser(request, { users, readFile: surroundings.readFile, say });
}
