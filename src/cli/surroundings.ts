/** What a command finds where it is run. */
export type Surroundings = {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
};
