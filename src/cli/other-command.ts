import type { Command } from 'commander';
import type { Run } from './command-world.ts';
import { commandEntries } from './commands.ts';
import type { CopyRequest } from './copy/copy-request.ts';
import type { DeliverRequest } from './deliver/deliver-request.ts';
import type { DeliveryRequest } from './delivery/delivery-request.ts';
import type { FunctionRequest } from './function/function-request.ts';
import type { MappingRequest } from './mapping/mapping-request.ts';
import type { OfflineRequest } from './offline/offline-command.ts';
import type { SimulateRequest } from './policy/policy-command.ts';
import type { RestoreRequest } from './restore/restore-command.ts';
import type { UserRequest } from './user/user-request.ts';

/**
 * What is asked for besides a server: a check, repair or restore of a data directory, what policies decide,
 * something about users, functions, event source mappings or deliveries, or a copy or delivery of a stream.
 */
export type OtherRequest =
  | { readonly offline: OfflineRequest }
  | { readonly simulate: SimulateRequest }
  | { readonly user: UserRequest }
  | { readonly copy: CopyRequest }
  | { readonly mapping: MappingRequest }
  | { readonly function: FunctionRequest }
  | { readonly restore: RestoreRequest }
  | { readonly delivery: DeliveryRequest }
  | { readonly deliver: DeliverRequest }
  | { readonly run: Run };

/**
 * The command of a name, undefined when it is not one of these. When it is parsed, `asked` is told what it
 * asks for; what makes no sense is a `StartError`. Each is loaded here, because a server that starts needs
 * none.
 */
export async function otherCommand(
  name: string | undefined,
  asked: (request: OtherRequest) => void,
): Promise<Command | undefined> {
  switch (name) {
    case 'verify':
    case 'repair': {
      const { offlineCommand } = await import('./offline/offline-command.ts');
      return offlineCommand(name, (offline) => asked({ offline }));
    }
    case 'policy': {
      const { policyCommand } = await import('./policy/policy-command.ts');
      return policyCommand((simulate) => asked({ simulate }));
    }
    case 'user': {
      const { userCommand } = await import('./user/user-command.ts');
      return userCommand((user) => asked({ user }));
    }
    case 'copy': {
      const { copyCommand } = await import('./copy/copy-command.ts');
      return copyCommand((copy) => asked({ copy }));
    }
    case 'mapping': {
      const { mappingCommand } = await import('./mapping/mapping-command.ts');
      return mappingCommand((mapping) => asked({ mapping }));
    }
    case 'function': {
      const { functionCommand } = await import('./function/function-command.ts');
      return functionCommand((request) => asked({ function: request }));
    }
    case 'restore': {
      const { restoreCommand } = await import('./restore/restore-command.ts');
      return restoreCommand((restore) => asked({ restore }));
    }
    case 'delivery': {
      const { deliveryCommand } = await import('./delivery/delivery-command.ts');
      return deliveryCommand((delivery) => asked({ delivery }));
    }
    case 'deliver': {
      const { deliverCommand } = await import('./deliver/deliver-command.ts');
      return deliverCommand((deliver) => asked({ deliver }));
    }
    default: {
      const entry = commandEntries.find((one) => one.name === name);
      return entry === undefined ? undefined : (await entry.load())((run) => asked({ run }));
    }
  }
}
