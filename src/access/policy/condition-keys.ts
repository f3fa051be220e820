/**
 * Whether what a condition key says of a request is known here, be it that no request has it. Of any other
 * key nothing is known: what depends on it is never allowed, and denied where a policy denies by it. Names
 * are in lower case: their case does not matter (IAM user guide, "Condition").
 */
export function isKnownKey(key: string): boolean {
  return names.has(key) || families.some((family) => key.startsWith(family) && key.length > family.length);
}

/** Whether a key says something of requests of the services that are here, rather than of any others. */
export function isKeyOfOurs(key: string): boolean {
  return prefixes.some((prefix) => key.startsWith(prefix));
}

/**
 * Whether a key is of a family whose members have one value each, though a request or a resource may have
 * tags of several keys that differ in their case alone. Policies that name DynamoDB's keys without a
 * quantifier mean a call with one item, and a batch of several is not to go by its first.
 */
export function isSingleValued(key: string): boolean {
  return key.startsWith('dynamodb:') || families.some((family) => key.startsWith(family));
}

const prefixes = [
  ...['aws:', 'kinesis:', 'kms:', 'iam:', 'sts:', 'dynamodb:', 'cloudwatch:', 'lambda:', 'firehose:'],
];

/**
 * Keys that requests have (IAM user guide, "AWS global condition context keys"; service authorization
 * reference).
 */
const present = [
  ...['aws:sourceip', 'aws:securetransport', 'aws:sourcevpce', 'aws:currenttime', 'aws:epochtime'],
  ...['aws:principalarn', 'aws:principalaccount', 'aws:principaltype', 'aws:username', 'aws:userid'],
  ...['aws:tokenissuetime', 'aws:multifactorauthpresent', 'aws:requestedregion', 'aws:resourceaccount'],
  ...['aws:viaawsservice', 'aws:principalisawsservice', 'aws:tagkeys', 'aws:calledvia'],
  ...['aws:calledviafirst', 'aws:calledvialast'],
  ...['kms:viaservice', 'kms:calleraccount', 'kms:encryptioncontextkeys', 'kms:keyorigin'],
  ...['kms:requestalias', 'kms:resourcealiases', 'kms:keyspec', 'kms:keyusage'],
  ...['kms:bypasspolicylockoutsafetycheck', 'kms:grantisforawsresource'],
  ...['sts:externalid', 'sts:rolesessionname', 'sts:sourceidentity', 'aws:sourceidentity'],
  ...['dynamodb:leadingkeys', 'dynamodb:attributes', 'dynamodb:select', 'dynamodb:returnvalues'],
  'dynamodb:returnconsumedcapacity',
  ...['iam:policyarn', 'iam:permissionsboundary', 'iam:passedtoservice', 'cloudwatch:namespace'],
  'lambda:functionarn',
];

/**
 * Keys that say what no request here has: a grant, an organization, a network of AWS's, a federated login, a
 * URL of a function's own.
 */
const absent = [
  ...['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:sourcevpc'],
  ...['aws:vpcsourceip', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:resourceorgid'],
  ...['aws:resourceorgpaths', 'aws:principalservicename', 'aws:principalservicenameslist'],
  ...['kms:grantoperations', 'kms:granteeprincipal', 'kms:multiregion'],
  'dynamodb:enclosingoperation',
  ...['lambda:functionurlauthtype', 'lambda:invokedviafunctionurl', 'lambda:eventsourcetoken'],
  ...['lambda:layer', 'lambda:codesigningconfigarn', 'lambda:sourcefunctionarn', 'lambda:principal'],
  ...['lambda:vpcids', 'lambda:subnetids', 'lambda:securitygroupids'],
  ...['aws:federatedprovider', 'aws:multifactorauthage', 'aws:referer'],
  ...['aws:useragent', 'aws:ec2instancesourcevpc', 'aws:ec2instancesourceprivateipv4'],
];

const names: ReadonlySet<string> = new Set([...present, ...absent]);

/** Keys whose names end with a tag's, or with that of an entry of an encryption context. */
const families = [
  ...['aws:principaltag/', 'aws:resourcetag/', 'aws:requesttag/', 'iam:resourcetag/'],
  'kms:encryptioncontext:',
];
