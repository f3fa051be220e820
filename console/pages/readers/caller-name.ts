/**
 * What a list calls whoever reads or puts: of an ARN what stands after the account, of what a client says of
 * itself (`User-Agent`) the program and its version, of a browser which it is. The whole is for its title.
 */
export function callerName(whole: string): string {
  const [, browser, version] = /^Mozilla\/.*?\b(Firefox|Edg|Chrome|Version)\/(\d+)/.exec(whole) ?? [];
  if (browser !== undefined) return `${browserNames[browser] ?? browser} ${version}`;
  const inArn = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(whole)?.[1];
  if (inArn !== undefined) return inArn;
  return /^[\w.-]+\/\S+(?= )/.exec(whole)?.[0] ?? whole;
}

/** As browsers call themselves in their `User-Agent`, where that is not their name. */
const browserNames: Readonly<Record<string, string>> = { Edg: 'Edge', Version: 'Safari' };

/** The end of a name, as long as fits: it tells more than the beginning. */
export function endOf(name: string, charactersMax: number): string {
  return name.length <= charactersMax ? name : `…${name.slice(1 - charactersMax)}`;
}
