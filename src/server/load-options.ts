import { defaultOptions, type ServerOptions } from './options.ts';
import { type Setting, settings, variableOf } from './settings.ts';
import { StartError } from './start-error.ts';

/** Where options come from. Values are as given, by flag (`log-level`). */
export type OptionSources = {
  readonly flags: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
};

/**
 * Flags win over MILLRACE_* variables, these over the config file, this over the defaults. Rejects with
 * `StartError` for what cannot be.
 */
export async function loadOptions({ flags, variables, readFile }: OptionSources): Promise<ServerOptions> {
  const configPath = flags['config'] ?? (variables[variableOf('config')] || undefined);
  const config = configPath === undefined ? {} : await loadConfig(configPath, readFile);
  return {
    ...defaultOptions,
    ...layer(
      (flag) => config[flag],
      (flag) => `${flag} in ${configPath}`,
    ),
    ...layer((flag) => variables[variableOf(flag)] || undefined, variableOf),
    ...layer(
      (flag) => flags[flag],
      (flag) => `--${flag}`,
    ),
  };
}

/** What one source says, `nameOf` telling how it calls a flag. */
function layer(
  textOf: (flag: string) => string | undefined,
  nameOf: (flag: string) => string,
): Partial<ServerOptions> {
  const said = Object.entries(settings).flatMap(([name, setting]) => {
    const text = textOf(setting.flag);
    return text === undefined ? [] : [[name, valueFrom(text, setting, nameOf(setting.flag))]];
  });
  const options: Partial<ServerOptions> = Object.fromEntries(said);
  if (options.data === undefined) return options;
  if (options.memory) throw new StartError(`${nameOf('data')} and ${nameOf('memory')} exclude each other`);
  // Who names a directory wants it used, even if a weaker source said memory.
  return { ...options, memory: false };
}

function valueFrom(text: string, { read, expected }: Setting<unknown>, name: string): unknown {
  const value = read(text);
  if (value === undefined) throw new StartError(`${name} must be ${expected}, not '${text}'`);
  return value;
}

async function loadConfig(
  path: string,
  readFile: OptionSources['readFile'],
): Promise<Readonly<Record<string, string>>> {
  const config = parseConfig(await readConfig(path, readFile), path);
  const flags = Object.values(settings).map(({ flag }) => flag);
  const unknown = Object.keys(config).find((key) => !flags.includes(key));
  if (unknown !== undefined) {
    throw new StartError(`${path} has an unknown key '${unknown}'; known are ${flags.join(', ')}`);
  }
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
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

function parseConfig(text: string, path: string): object {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  } catch (error) {
    throw new StartError(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new StartError(`${path} must hold a JSON object such as {"port": 4567}`);
}
