// Older versions of Node have to understand this file, and everything that imports it on its way to the
// error.

/** The oldest major version of Node that has all that the server needs. As `engines` in package.json. */
export const nodeMajorMin = 24;

/** One line about a Node that is too old; undefined when it will do. */
export function nodeFault(version: string): string | undefined {
  if (Number(version.split('.')[0]) >= nodeMajorMin) return undefined;
  return `millrace needs Node.js ${nodeMajorMin} or newer, this is ${version}: get a newer one from https://nodejs.org`;
}
