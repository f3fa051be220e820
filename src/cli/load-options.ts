import { StartError } from '../env/start-error.ts';
import { layer } from '../server/layer.ts';
import { defaultOptions, type ServerOptions } from '../server/options.ts';
import { settings, variableOf } from '../server/settings.ts';
import { didYouMean, nearest } from '../views/nearest.ts';

/** Where options come from. Values are as given, by flag (`log-level`). */
export type OptionSources = {
  readonly flags: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
};

/**
 * Flags win over MILLRACE_* variables, these over the config file, this over the defaults. Rejects with
 * `StartError` for values that are not valid.
 */
export async function loadOptions({ flags, variables, readFile }: OptionSources): Promise<ServerOptions> {
  const configPath = flags['config'] ?? (variables[configVariable] || undefined);
  const config = configPath === undefined ? {} : await loadConfig(configPath, readFile);
  return {
    ...defaultOptions,
    ...layer(
      (_, { flag }) => config[flag] ?? olderValue(flag, config['fronts']),
      (_, { flag }) => `${flag} in ${configPath}`,
    ),
    ...layer(
      (_, { flag }) =>
        variables[variableOf(flag)] || olderValue(flag, variables[variableOf('fronts')] || undefined),
      (_, { flag }) => variableOf(flag),
    ),
    ...layer(
      (_, { flag }) => flags[flag] ?? olderValue(flag, flags['fronts']),
      (_, { flag }) => `--${flag}`,
    ),
  };
}

/** A sentence about each unknown MILLRACE_* variable, which may be a mistyped one. */
export function unknownVariables(variables: OptionSources['variables']): string[] {
  const known = [...flagsKnown.map(variableOf), variableOf('fronts'), configVariable];
  return Object.keys(variables)
    .filter((name) => name.startsWith('MILLRACE_') && !known.includes(name) && variables[name])
    .map((name) => {
      // The prefix is the same for all and does not count.
      const near = nearest(name.slice('MILLRACE_'.length), [...flagsKnown, 'config']);
      const hint = near === undefined ? '' : ` (did you mean ${variableOf(near)}?)`;
      return `the variable ${name} is not known${hint}`;
    });
}

const configVariable = variableOf('config');
const flagsKnown = Object.values(settings).map(({ flag }) => flag);

function isKnown(key: string): boolean {
  return flagsKnown.includes(key) || key === 'fronts';
}

/** `fronts` is what `workers` was called. It said 1 for a server with one thread, and otherwise the same. */
function olderValue(flag: string, fronts: unknown): unknown {
  if (flag !== 'workers') return undefined;
  return String(fronts) === '1' ? '0' : fronts;
}

type Config = Readonly<Record<string, unknown>>;

async function loadConfig(path: string, readFile: OptionSources['readFile']): Promise<Config> {
  const text = (await readConfig(path, readFile)).replace(/^\uFEFF/, '');
  const config = parseConfig(text, path);
  const unknown = Object.keys(config).find((key) => !isKnown(key));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, flagsKnown);
    throw new StartError(
      `${path} has an unknown key '${unknown}'${hint}; known are ${flagsKnown.join(', ')}`,
    );
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new StartError(`${path} has the key '${repeated}' twice`);
  return config;
}

async function readConfig(path: string, readFile: OptionSources['readFile']): Promise<string> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new StartError(`cannot read the config file ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function parseConfig(text: string, path: string): Config {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config as Config;
  } catch (error) {
    throw new StartError(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new StartError(`${path} must hold a JSON object such as {"port": 4567}`);
}

/**
 * Of two equal keys JSON.parse takes the last without an error. `text` is JSON; no valid value has keys of
 * its own.
 */
function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  for (const [, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const key: string = JSON.parse(string!);
    if (isKnown(key) && seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}
