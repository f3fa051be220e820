import { Argument, Command } from 'commander';
import { StartError } from '../../env/start-error.ts';

/** What is to be simulated. Policies are named by their files. */
export type SimulateRequest = {
  readonly policies: readonly string[];
  readonly boundaries: readonly string[];
  readonly sessionPolicies: readonly string[];
  readonly resourcePolicy: string | undefined;
  /** An ARN; undefined for some user of the account of the first resource. */
  readonly principal: string | undefined;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Values by condition key, in lower case. */
  readonly context: ReadonlyMap<string, readonly string[]>;
  /** For machines. */
  readonly json: boolean;
};

/**
 * The command `policy`, whose one word is `simulate`. `asked` is told what is asked for; what makes no sense
 * is a `StartError`.
 */
export function policyCommand(asked: (request: SimulateRequest) => void): Command {
  const command = describeSimulate();
  return command.action(() => asked(simulateRequest(command)));
}

function describeSimulate(): Command {
  return new Command('millrace policy')
    .usage('simulate [options]')
    .description('Tell what policies decide, and which statement does. Nothing is asked of a server.')
    .addArgument(new Argument('<what>', 'simulate').choices(['simulate']))
    .option('--policy <file...>', 'policies of the caller, of its groups or its role')
    .option('--resource-policy <file>', 'the policy of the resource')
    .option('--boundary <file...>', "the caller's permissions boundary")
    .option('--session-policy <file...>', 'policies that were passed when the session was made')
    .option('--principal <arn>', 'who calls: a user, a role, a session of a role, or a root user')
    .option('--action <name...>', 'what is called: kinesis:PutRecord')
    .option('--resource <arn...>', 'what it is about; all of an account without', ['*'])
    .option('--context <key=value...>', 'what condition keys say; a key may be given several times')
    .option('--json', 'print the decisions as JSON')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride();
}

/** What a parsed command asks for. Throws `StartError` for what no request could be. */
function simulateRequest(command: Command): SimulateRequest {
  const options = command.opts<Options>();
  return {
    policies: options.policy ?? [],
    boundaries: options.boundary ?? [],
    sessionPolicies: options.sessionPolicy ?? [],
    resourcePolicy: options.resourcePolicy,
    principal: options.principal,
    actions: actionsIn(options.action ?? []),
    resources: resourcesIn(options.resource),
    context: contextIn(options.context ?? []),
    json: options.json === true,
  };
}

type Options = {
  readonly policy?: readonly string[];
  readonly boundary?: readonly string[];
  readonly sessionPolicy?: readonly string[];
  readonly resourcePolicy?: string;
  readonly principal?: string;
  readonly action?: readonly string[];
  readonly resource: readonly string[];
  readonly context?: readonly string[];
  readonly json?: boolean;
};

function actionsIn(given: readonly string[]): readonly string[] {
  if (given.length === 0) throw new StartError('--action is missing, such as kinesis:PutRecord');
  const wrong = given.find((name) => !/^[a-z0-9-]+:[a-z0-9]+$/i.test(name));
  if (wrong === undefined) return given;
  throw new StartError(`--action must be one call, such as kinesis:PutRecord, not '${wrong}'`);
}

function resourcesIn(given: readonly string[]): readonly string[] {
  const wrong = given.find((name) => name !== '*' && !name.startsWith('arn:'));
  if (wrong === undefined) return given;
  throw new StartError(`--resource must be an ARN or *, not '${wrong}'`);
}

function contextIn(given: readonly string[]): Map<string, readonly string[]> {
  const context = new Map<string, readonly string[]>();
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw new StartError(`--context must be a key and a value, key=value, not '${text}'`);
    const key = text.slice(0, at).toLowerCase();
    context.set(key, [...(context.get(key) ?? []), text.slice(at + 1)]);
  }
  return context;
}

const helpText = `
Each action on each resource is a line: allowed or denied, and the statement that decided (counted from 0), or why
there is none. The account of the resource and that of the principal say whether both sides have to allow it.
Operators, keys and variables that are not known are named: a Deny with them denies, an Allow does not allow.

Exit code: 0 all is allowed, 1 something is denied, 2 it cannot be told.

Example:
  $ millrace policy simulate --policy producer.json --principal arn:aws:iam::000000000000:user/web \\
      --action kinesis:PutRecord kinesis:PutRecords --context aws:SourceIp=10.0.0.7 \\
      --resource arn:aws:kinesis:us-east-1:000000000000:stream/orders
`;
