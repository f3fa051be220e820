import { inspect } from 'node:util';
import { StartError } from '../env/start-error.ts';
import { didYouMean } from '../views/nearest.ts';
import type { ServerOptions } from './options.ts';
import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

type Name = keyof ServerOptions;

/**
 * What one source of options says. `said` tells what it has for a setting: a text, a value of the setting's
 * own type, or undefined or null where it says nothing; `nameOf` how it calls the setting. Throws
 * `StartError` for what cannot be.
 */
export function layer(
  said: (name: Name, setting: Setting<unknown>) => unknown,
  nameOf: (name: Name, setting: Setting<unknown>) => string,
): Partial<ServerOptions> {
  const given = Object.entries(settings).flatMap(([key, setting]) => {
    const name = key as Name;
    const value = setting.isList ? joined(said(name, setting)) : said(name, setting);
    const isAbsent = value === undefined || value === null;
    return isAbsent ? [] : [[name, checked(value, setting, nameOf(name, setting))]];
  });
  return withEngine(Object.fromEntries(given), (name) => nameOf(name, settings[name]));
}

/** Which engine a source means: it says so itself, or by naming a directory, or does not say. */
function withEngine(
  options: Partial<ServerOptions>,
  nameOf: (name: 'data' | 'memory' | 'engine') => string,
): Partial<ServerOptions> {
  const { data, engine, memory } = options;
  const exclude = (one: string, other: string) => {
    throw new StartError(`${one} and ${other} exclude each other`);
  };
  if (memory && engine !== undefined && engine !== 'memory')
    exclude(`${nameOf('engine')} ${engine}`, nameOf('memory'));
  if (memory && data !== undefined) exclude(nameOf('data'), nameOf('memory'));
  if (engine === 'memory' && data !== undefined) exclude(nameOf('data'), `${nameOf('engine')} memory`);
  if (engine === 'memory') return { ...options, engine: 'embedded', memory: true };
  // A directory that is named is used, even if a weaker source said memory.
  return engine !== undefined || data !== undefined ? { ...options, memory: false } : options;
}

/** What a program says that starts a server in itself, checked as the command's flags are. */
export function givenOptions(given: Partial<ServerOptions>): Partial<ServerOptions> {
  const names = Object.keys(settings);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new StartError(
      `there is no option ${unknown}${didYouMean(unknown, names)}; there are ${names.join(', ')}`,
    );
  }
  return layer(
    (name) => given[name],
    (name) => name,
  );
}

/** A list of texts as one text. */
function joined(value: unknown): unknown {
  const isTexts = Array.isArray(value) && value.every((text) => typeof text === 'string');
  return isTexts && value.length > 0 ? value.join(',') : value;
}

/** A text is read. Any other value must be what its own text would be read as. */
function checked(value: unknown, { read, expected }: Setting<unknown>, name: string): unknown {
  if (typeof value === 'string') {
    const meant = read(value);
    if (meant === undefined) throw new StartError(`${name} must be ${expected}, not '${value}'`);
    return meant;
  }
  const meant = typeof value === 'object' ? undefined : read(String(value));
  if (meant === value) return value;
  const type = meant === undefined ? '' : `, as a ${typeof meant}`;
  const shown = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
  throw new StartError(`${name} must be ${expected}${type}, not ${shown}`);
}
