/**
 * What a list calls whoever reads or puts: of an ARN what stands after the account, of what a client says of
 * itself (`User-Agent`) the program and its version, of a browser which it is. The whole is for its title.
 */
export function callerName(whole: string): string {
  const browser = whole.startsWith('Mozilla/') ? browserName(whole) : undefined;
  if (browser !== undefined) return browser;
  const inArn = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(whole)?.[1];
  if (inArn !== undefined) return inArn;
  return /^[\w.-]+\/\S+(?= )/.exec(whole)?.[0] ?? whole;
}

function browserName(userAgent: string): string | undefined {
  for (const [name, mark] of browserMarks) {
    const version = mark.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return undefined;
}

/** Each says all that those after it say, too. */
const browserMarks: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Firefox', /Firefox\/(\d+)/],
  ['Edge', /Edg\/(\d+)/],
  ['Chrome', /Chrome\/(\d+)/],
  ['Safari', /Version\/(\d+).* Safari\//],
];

/** The end of a name, as long as fits: it tells more than the beginning. */
export function endOf(name: string, charactersMax: number): string {
  return name.length <= charactersMax ? name : `…${name.slice(1 - charactersMax)}`;
}
