import { accountIn, type CallerValues } from '../../access/policy/condition-values.ts';
import { callerOfArn, type Explanation, type NamedPolicy, Simulator } from '../../access/policy/explain.ts';
import { PolicyError } from '../../access/policy/policy-document.ts';
import type { Millis } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';
import type { SimulateRequest } from './policy-command.ts';

/** What is printed, and the exit code. */
type Outcome = { readonly text: string; readonly exitCode: 0 | 1 };

/** Where files come from, and what time it is. */
type SimulateWorld = { readFile(path: string): Promise<string>; readonly now: Millis };

/** Tells what the policies in files decide. Rejects with `StartError` for what cannot be told. */
export async function simulate(request: SimulateRequest, world: SimulateWorld): Promise<Outcome> {
  const { actions, resources, context } = request;
  const simulator = await simulatorOf(request, world);
  const explained = actions.flatMap((action) =>
    resources.map((resource) => simulator.explain({ action, resource, context }, world.now)),
  );
  const text = request.json ? jsonText(simulator, explained) : plainText(simulator, explained);
  return { text, exitCode: explained.every(({ decision }) => decision === 'allowed') ? 0 : 1 };
}

async function simulatorOf(request: SimulateRequest, world: SimulateWorld): Promise<Simulator> {
  const { policies, boundaries, sessionPolicies, resourcePolicy } = request;
  const named = (paths: readonly string[]) => Promise.all(paths.map((path) => policyIn(path, world)));
  const simulated = {
    caller: callerOf(request),
    identity: await named(policies),
    boundary: boundaries.length === 0 ? undefined : await named(boundaries),
    session: sessionPolicies.length === 0 ? undefined : await named(sessionPolicies),
    resource: resourcePolicy === undefined ? undefined : await policyIn(resourcePolicy, world),
  };
  try {
    return new Simulator(simulated);
  } catch (error) {
    if (error instanceof PolicyError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

async function policyIn(path: string, { readFile }: SimulateWorld): Promise<NamedPolicy> {
  try {
    return { source: path, text: await readFile(path) };
  } catch (error) {
    throw new StartError(`cannot read the policy in ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function callerOf({ principal, resources }: SimulateRequest): CallerValues {
  const account = accountIn(resources[0]!) || '000000000000';
  const caller = callerOfArn(principal ?? `arn:aws:iam::${account}:user/someone`);
  if (caller !== undefined) return caller;
  throw new StartError(`--principal must be the ARN of a user, a role or a session, not '${principal}'`);
}

function jsonText({ unknown }: Simulator, decisions: readonly Explanation[]): string {
  const unknowns = unknown.map(({ source, kind, name }) => ({ source, kind, name }));
  return `${JSON.stringify({ decisions, unknown: unknowns }, undefined, 2)}\n`;
}

function plainText({ unknown }: Simulator, decisions: readonly Explanation[]): string {
  const lines = decisions.flatMap((each) => [lineOf(each), ...missingLine(each)]);
  for (const { source, kind, name } of unknown) {
    lines.push(
      `unknown  ${kind} ${name} in ${source}: a Deny with it denies, an Allow with it does not allow`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function lineOf({ action, resource, decision, reason, statement }: Explanation): string {
  const about = `${action} on ${resource}`;
  const by = statement && `statement ${statement.index}${sidOf(statement.sid)} of ${statement.source}`;
  if (decision === 'allowed') return `allowed  ${about} by ${by ?? 'being the root user'}`;
  return `denied   ${about} ${reason}${by === undefined ? '' : `: ${by}`}`;
}

function sidOf(sid: string | undefined): string {
  return sid === undefined ? '' : ` (${sid})`;
}

function missingLine({ missingKeys }: Explanation): string[] {
  return missingKeys.length === 0 ? [] : [`         without a value for ${missingKeys.join(', ')}`];
}
