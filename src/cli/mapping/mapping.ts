import { type AwsCalls, AwsError } from '../../server/lambda/aws-calls.ts';
import type { Configuration, Failure, FailureInFull, RedriveResult, Sight } from './mapping-answers.ts';
import type { MappingAction } from './mapping-request.ts';
import { failuresText, failureText, mappingText, resultText, sightsText } from './mapping-text.ts';

/** What carrying out a request needs. */
export type MappingWorld = {
  readonly calls: Pick<AwsCalls, 'lambda' | 'lambdaItems'>;
  /** Whether JSON is printed. */
  readonly json: boolean;
  readonly say: (text: string) => void;
  /** Is shown how far a redrive is, over and over. */
  readonly show: (line: string) => void;
};

/**
 * Carries out a request about mappings. Answers whether all that it was to do was done. Rejects with
 * `AwsError` when it is refused, or when a name stands for no mapping or for several.
 */
export async function runMapping(action: MappingAction, world: MappingWorld): Promise<boolean> {
  const answer = (value: unknown, text: () => string) =>
    world.say(world.json ? `${JSON.stringify(value, undefined, 2)}\n` : text());
  const sights = await world.calls.lambdaItems<Sight>(sightsPath, 'Mappings');
  if (action.kind === 'list') {
    answer(sights, () => sightsText(sights));
    return true;
  }
  const sight = find(sights, action.mapping);
  const { UUID: uuid } = sight;
  switch (action.kind) {
    case 'show': {
      const configuration = await world.calls.lambda<Configuration>('GET', mappingPath(uuid));
      answer({ ...configuration, Shards: sight.Shards }, () => mappingText(configuration, sight));
      return true;
    }
    case 'failures': {
      const failures = await world.calls.lambdaItems<Failure>(failuresPath(uuid), 'Failures');
      answer(failures, () => failuresText(failures));
      return true;
    }
    case 'failure': {
      const path = `${failuresPath(uuid)}/${action.number}`;
      const failure = await world.calls.lambda<FailureInFull>('GET', path);
      answer(failure, () => failureText(failure));
      return true;
    }
    case 'redrive':
      return await redrive(uuid, action.numbers, world);
    case 'enable':
    case 'disable': {
      const input = { Enabled: action.kind === 'enable' };
      const configuration = await world.calls.lambda<Configuration>('PUT', mappingPath(uuid), input);
      answer(configuration, () => `${uuid} is ${configuration.State}.\n`);
      return true;
    }
  }
}

const sightsPath = '/millrace/2026-11-01/mappings';
const mappingPath = (uuid: string) => `/2015-03-31/event-source-mappings/${encodeURIComponent(uuid)}`;
const failuresPath = (uuid: string) => `${sightsPath}/${encodeURIComponent(uuid)}/failures`;

function find(sights: readonly Sight[], name: string): Sight {
  const nameOf = ({ FunctionArn: arn }: Sight) => arn.split(':').slice(6).join(':');
  const exact = sights.filter(({ UUID: uuid }) => uuid === name);
  const named = exact.length > 0 ? exact : sights.filter((sight) => nameOf(sight) === name);
  const found = named.length > 0 ? named : sights.filter(({ UUID: uuid }) => uuid.startsWith(name));
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw unknown(`there is no mapping ${name}; see millrace mapping list`);
  const uuids = found.map(({ UUID: uuid }) => uuid).join(', ');
  throw unknown(`${name} has several mappings: name one of ${uuids}`);
}

const unknown = (message: string) => new AwsError('ResourceNotFoundException', message);

/**
 * One after the other, so that a call never takes longer than a function may, and what is done is shown. Of
 * those without numbers, what is given up meanwhile is not among them.
 */
async function redrive(
  uuid: string,
  numbers: readonly number[],
  { calls, json, say, show }: MappingWorld,
): Promise<boolean> {
  const failures = numbers.length > 0 ? [] : await calls.lambdaItems<Failure>(failuresPath(uuid), 'Failures');
  const pending = failures.filter(({ RedriveTimestamp: at }) => at === undefined);
  const asked = numbers.length > 0 ? numbers : pending.map(({ Number: number }) => number);
  const path = `${sightsPath}/${encodeURIComponent(uuid)}/redrive`;
  const results: RedriveResult[] = [];
  for (const [index, number] of asked.entries()) {
    show(`failure ${number}, ${index + 1} of ${asked.length}`);
    const answer = await calls.lambda<{ Results: RedriveResult[] }>('POST', path, { Numbers: [number] });
    results.push(...answer.Results);
    show('');
    if (!json) say(answer.Results.map(resultText).join(''));
  }
  const done = results.filter(({ Outcome: outcome }) => outcome === 'Succeeded').length;
  const text = asked.length === 0 ? 'Nothing waits.\n' : `${done} of ${asked.length} succeeded.\n`;
  say(json ? `${JSON.stringify(results, undefined, 2)}\n` : text);
  return done === asked.length;
}
