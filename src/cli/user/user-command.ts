import { Command, Option } from 'commander';
import { StartError } from '../../env/start-error.ts';
import { settings } from '../../server/settings.ts';
import { type PlaceOptions, placeHelpOf, withPlace } from '../aws-place.ts';
import type { PolicyChange, UserAction, UserRequest } from './user-request.ts';

type Options = PlaceOptions & {
  readonly data?: string;
  readonly rootKey?: string;
  readonly account?: string;
  readonly json?: boolean;
  readonly root?: boolean;
  readonly group?: readonly string[];
  readonly policyArn?: readonly string[];
  readonly policy?: string;
  readonly keepOld?: boolean;
  readonly key?: string;
  readonly deactivate?: boolean;
  readonly delete?: boolean;
  readonly put?: string;
  readonly name?: string;
  readonly attach?: string;
  readonly detach?: string;
  readonly remove?: string;
};

/** The command `user`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function userCommand(asked: (request: UserRequest) => void): Command {
  const take =
    (actionOf: (name: string, options: Options) => UserAction) => (name: string, options: Options) =>
      asked(requestOf(actionOf(name, options), options));
  const user = new Command('millrace user')
    .description('Users, their access keys and their policies.')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('after', helpText)
    .exitOverride();
  const command = (name: string, description: string): Command => {
    const made = user.command(name).description(description).helpOption('-h, --help', 'show this');
    return made.exitOverride().copyInheritedSettings(user);
  };
  const several = (value: string, before: readonly string[] = []) => [...before, value];
  withUsers(command('create', 'make a user and an access key, and show its secret, once'))
    .argument('[name]')
    .option('--group <name>', 'a group to be in; may be repeated', several)
    .option('--policy-arn <arn>', 'a managed policy to attach; may be repeated', several)
    .option('--policy <file>', 'a policy of its own, in JSON, named as the file is')
    .option('--root', 'make a key for the root user of the account, who may do everything; needs --data')
    .action(take(createOf));
  withUsers(command('list', 'list users and access keys')).action((options: Options) =>
    asked(requestOf({ kind: 'list', asRoot: options.data !== undefined }, options)),
  );
  withUsers(command('rotate', 'make a new access key, show it, and delete the old one'))
    .argument('<name>')
    .option('--keep-old', 'keep the old one, until you revoke it with --key')
    .action(take((name, { keepOld }) => ({ kind: 'rotate', name, keepsOld: keepOld === true })));
  withUsers(command('revoke', 'delete the access keys of a user'))
    .argument('[name]')
    .option('--root', 'keys of the root user, such as lost ones; needs --data')
    .option('--key <id>', 'this one only')
    .option('--deactivate', 'keep the keys, inactive')
    .option('--delete', 'delete the user, too')
    .action(take(revokeOf));
  withUsers(command('policy', "show or change a user's policies"))
    .argument('<name>')
    .argument('[list]')
    .option('--put <file>', 'a policy of its own, in JSON, named as the file is')
    .option('--name <name>', 'another name for that policy')
    .option('--remove <name>', 'remove a policy of its own')
    .option('--attach <arn>', 'attach a managed policy')
    .option('--detach <arn>', 'detach one')
    .action((name: string, word: string | undefined, options: Options) =>
      asked(requestOf({ kind: 'policy', name, change: changeOf(word, options) }, options)),
    );
  return user;
}

/** Where the users are, for every one of the commands. */
function withUsers(command: Command): Command {
  return withPlace(command)
    .option('--data <directory>', 'a data directory that no server uses, in place of a server')
    .option('--root-key <source>', 'as for the server')
    .option('--account <digits>', `with --data: the account (default: ${'0'.repeat(12)})`)
    .addOption(new Option('--json', 'print JSON'));
}

function requestOf(action: UserAction, options: Options): UserRequest {
  const { endpoint, profile, data, rootKey, account, json } = options;
  if (data !== undefined && (endpoint ?? profile) !== undefined)
    throw new StartError(
      '--data is for when no server runs, --endpoint and --profile for when one does: give one of them',
    );
  if (data === undefined && (rootKey ?? account) !== undefined)
    throw new StartError('--account and --root-key need --data: a server knows its own');
  if (options.root === true && data === undefined)
    throw new StartError('--root needs --data: who may read the data directory may have its root key');
  if (account !== undefined && settings.account.read(account) === undefined)
    throw new StartError(`--account must be ${settings.account.expected}, not '${account}'`);
  if (rootKey !== undefined && settings.rootKey.read(rootKey) === undefined)
    throw new StartError(`--root-key must be ${settings.rootKey.expected}`);
  return { ...action, place: { endpoint, profile, data, rootKey, account }, json: json === true };
}

function createOf(name: string | undefined, options: Options): UserAction {
  const { root, group: groups = [], policyArn: policyArns = [], policy: policyFile } = options;
  if (root === true) {
    if (name !== undefined || groups.length > 0 || policyArns.length > 0 || policyFile !== undefined)
      throw new StartError('--root takes no name, groups or policies: the root user may do everything');
    return { kind: 'create-root' };
  }
  if (name === undefined) throw new StartError("missing required argument 'name'");
  return { kind: 'create', name, groups, policyArns, policyFile };
}

function revokeOf(name: string | undefined, options: Options): UserAction {
  const { root, key: accessKeyId, deactivate, delete: deletes } = options;
  if (root === true && (name !== undefined || deletes === true))
    throw new StartError('--root is about keys of the root user: not with a name or --delete');
  if (name === undefined && root !== true) throw new StartError("missing required argument 'name'");
  if (deletes === true && (accessKeyId !== undefined || deactivate === true))
    throw new StartError('--delete is about the user and all of its keys: not with --key or --deactivate');
  const how = deletes === true ? 'delete-user' : deactivate === true ? 'deactivate-keys' : 'delete-keys';
  return { kind: 'revoke', name, accessKeyId, how };
}

function changeOf(word: string | undefined, options: Options): PolicyChange {
  if (word !== undefined && word !== 'list') throw new StartError(`policy takes no argument ${word}`);
  const { put, name, attach, detach, remove } = options;
  const changes: PolicyChange[] = [];
  if (put === undefined && name !== undefined) throw new StartError('--name is for the policy of --put');
  if (put !== undefined) changes.push({ kind: 'put', file: put, policyName: name });
  if (remove !== undefined) changes.push({ kind: 'remove', policyName: remove });
  if (attach !== undefined) changes.push({ kind: 'attach', arn: attach });
  if (detach !== undefined) changes.push({ kind: 'detach', arn: detach });
  if (word !== undefined) changes.push({ kind: 'list' });
  if (changes.length > 1) throw new StartError('one change at a time: --put, --remove, --attach or --detach');
  return changes[0] ?? { kind: 'list' };
}

const helpText = `
Users are those of IAM: the AWS CLI (aws iam) does the same and more. Secrets are shown once, in the form of the
shared-credentials file.
${placeHelpOf('IAM')}

Exit code: 0 done, 1 refused, 2 it could not be asked.

Examples:
  $ millrace user create --root --data ./millrace-data     the first key, before the server has run
  $ millrace user create reader --policy read-orders.json
  $ millrace user rotate reader
  $ millrace user policy reader --attach arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess
  $ millrace user revoke reader --delete
`;
