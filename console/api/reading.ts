/**
 * Whether an operation changes nothing, by its name: AWS's names for reads begin alike. Those that begin
 * otherwise and only read are listed.
 */
export function isReading(operation: string): boolean {
  return readingBeginnings.test(operation) || readingNames.has(operation);
}

const readingBeginnings = /^(?:Describe|Get|List|Simulate|BatchGet)(?=[A-Z]|$)/;
const readingNames: ReadonlySet<string> = new Set(['Query', 'Scan', 'SubscribeToShard']);
