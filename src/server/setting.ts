/** An option of a server: its name in flags, variables and config files, and what its value may be. */
export type Setting<Value> = {
  /** Whether it may be said several times, or be a list in a config file; its text is then all, by commas. */
  readonly isList?: true;
  /** The flag without its dashes; also the key in a config file. */
  readonly flag: string;
  /** What stands for the value in the help; undefined for a flag without one. */
  readonly takes?: string;
  readonly help: string;
  /** Ends the sentence "--flag must be …". */
  readonly expected: string;
  /** Undefined when the text is none of what is expected. */
  readonly read: (text: string) => Value | undefined;
};

/** The value of a flag that is there or not. */
export function yesOrNo(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

/** Any text but none. */
export function something(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** A number from 0 to `max`. */
export function wholeNumber(text: string, max: number): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

export function httpUrl(text: string): string | undefined {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;
}
