import { type Model, possibleValues, type Setting } from './model.ts';

/** A setting reads as the last value that was confirmed, or as one whose fate is unknown. */
export function* checkSettings({ streams, encryption }: Model): Generator<string> {
  for (const { name, settings } of streams)
    for (const setting of settings.values()) yield* checkSetting(setting, name);
  if (encryption !== undefined) yield* checkSetting(encryption.ownKey, 'the key');
}

function* checkSetting(setting: Setting, of: string): Generator<string> {
  for (const { value, sent } of setting.reads) {
    const possible = possibleValues(setting, sent);
    if (possible.includes(value)) continue;
    yield `setting: ${setting.name} of ${of} reads '${value}', not ${possible.map((each) => `'${each}'`).join(' or ')}`;
  }
}
