/** A variable of this process's environment; undefined when it is not set. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name];
}
