/**
 * A value that names what the caller has, said in a way that must name nothing, and the errors that may say
 * so.
 */
export type Foreign = { readonly what: string; readonly value: string; readonly errors: readonly string[] };

/** No such thing in the caller's region. */
const missing = ['ResourceNotFoundException'];
/** No ARN of such a thing; the constraint's pattern may have said so before. */
const refused = ['InvalidArgumentException', 'ValidationException'];

/**
 * `own` is an ARN in us-east-1, of a stream or a consumer; things of the same names are in the other regions.
 */
export function foreignArns(own: string): Foreign[] {
  return [
    ...foreignScopes(own),
    ...otherKinds(own).map(([what, value]) => ({ what, value, errors: [...refused, ...missing] })),
    ...otherSpellings(own).map(([what, value]) => ({ what, value, errors: refused })),
    ...(own.includes('/consumer/') ? consumerSpellings(own) : streamSpellings(own)).map(([what, value]) => ({
      what,
      value,
      errors: refused,
    })),
  ];
}

/** The same of the ARN of a channel, whose id is a UUID. */
export function foreignChannels(own: string): Foreign[] {
  const id = own.slice(own.lastIndexOf('/') + 1);
  return [
    ...foreignScopes(own).filter(({ value }) => value !== own),
    { what: 'an id in capitals', value: own.replace(id, id.toUpperCase()), errors: missing },
    { what: 'another id', value: own.replace(/.$/, 'x'), errors: missing },
    ...otherKinds(own.replace(':channel/', ':stream/')).flatMap(([what, value]) =>
      what === 'a channel' ? [] : { what, value, errors: refused },
    ),
    ...otherSpellings(own).map(([what, value]) => ({ what, value, errors: refused })),
    { what: 'something after the id', value: `${own}/x`, errors: refused },
    { what: 'too long an id', value: own.replace(id, 'a'.repeat(65)), errors: refused },
  ];
}

/** Of another region, partition or account; and of another name, for names have capitals. */
function foreignScopes(own: string): Foreign[] {
  const inChina = own.replace(':us-east-1:', ':cn-north-1:');
  return [
    { what: 'another region', value: own.replace('us-east-1', 'us-west-2'), errors: missing },
    { what: 'another partition', value: inChina.replace('arn:aws:', 'arn:aws-cn:'), errors: missing },
    {
      what: 'a name in capitals',
      value: own.replace('present', 'PRESENT').replace('elastic', 'ELASTIC'),
      errors: [...missing, ...refused],
    },
    { what: "a region's wrong partition", value: own.replace('arn:aws:', 'arn:aws-cn:'), errors: refused },
    { what: "a partition's wrong region", value: inChina, errors: refused },
    {
      what: 'another account',
      value: own.replace('000000000000', '111111111111'),
      errors: ['AccessDeniedException'],
    },
  ];
}

type Said = readonly [what: string, value: string];

function otherKinds(own: string): Said[] {
  return ['channel', 'queue', 'streams', 'table', 'x/stream'].map((kind) => [
    `a ${kind}`,
    own.replace(':stream/', `:${kind}/`),
  ]);
}

function otherSpellings(own: string): Said[] {
  const parts: readonly string[] = ['arn', 'aws', 'kinesis', 'us-east-1', 'stream'];
  return [
    ...parts.map((part): Said => [`${part} in capitals`, own.replace(part, part.toUpperCase())]),
    ['a slash at the end', `${own}/`],
    ['a slash more', own.replace('stream/', 'stream//')],
    ['a colon at the end', `${own}:`],
    ['a colon more', own.replace('kinesis:', 'kinesis::')],
    ['no region', own.replace('us-east-1', '')],
    ['no account', own.replace('111111111111', '')],
    ['a longer account', own.replace('000000000000', '0000000000000')],
    ['an account in other digits', own.replace('000000000000', '٠٠٠٠٠٠٠٠٠٠٠٠')],
    ['any region', own.replace('us-east-1', '*')],
    ['any name', own.replace(/present|elastic/, '*')],
    ['a slash in the region', own.replace('us-east-1', 'us-east-1/x')],
    ['a region before the region', own.replace('us-east-1', 'us-west-2:us-east-1')],
    ['a space in front', ` ${own}`],
    ['a space at the end', `${own} `],
    ['a line feed at the end', `${own}\n`],
    ['a NUL at the end', `${own}\0`],
    [
      'a letter percent-encoded',
      own.replace(/(?<=stream\/)./, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ],
    ['a slash percent-encoded', own.replace('stream/', 'stream%2F')],
    ['a query', `${own}?x`],
    ['too long a name', own.replace(/present|elastic/, 'p'.repeat(129))],
  ].filter(([, value]) => value !== own) as Said[];
}

function streamSpellings(own: string): Said[] {
  return [
    ['something after the name', `${own}/x`],
    ['an unfinished consumer after the name', `${own}/consumer/c`],
    ['an empty consumer', `${own}/consumer/:1`],
  ];
}

function consumerSpellings(own: string): Said[] {
  const second = own.slice(own.lastIndexOf(':') + 1);
  const created = (text: string) => own.slice(0, -second.length) + text;
  return [
    ['a leading zero in the time', created(`0${second}`)],
    ['a sign in the time', created(`+${second}`)],
    ['a fraction in the time', created(`${second}.0`)],
    ['a power in the time', created('17e8')],
    ['a time beyond all numbers', created('9'.repeat(400))],
    ['no time', created('')],
    ['something after the time', `${own}/x`],
    ['a second time', `${own}:${second}`],
    ['a second consumer', `${own}/consumer/c:${second}`],
    ['consumer in capitals', own.replace('/consumer/', '/CONSUMER/')],
    ['a consumer of a consumer', own.replace('/consumer/', '/consumer/c/consumer/')],
  ];
}

/** A page token or an iterator that was issued to the caller, changed. */
export function changedTokens(own: string): Foreign[] {
  const values: readonly Said[] = [
    ['a space at the end', `${own} `],
    ['a line feed at the end', `${own}\n`],
    ['percent-encoded', own.replace('A', '%41')],
    ['in capitals', own.toUpperCase()],
    ['cut', own.slice(0, -4)],
    ['twice', own + own],
    ['no token', 'present'],
  ];
  return values
    .filter(([, value]) => value !== own)
    .map(([what, value]) => ({ what, value, errors: ['InvalidArgumentException'] }));
}

/** Keys that are of no use in us-east-1. */
export function foreignKeys(): Foreign[] {
  const own = 'arn:aws:kms:us-east-1:111111111111:alias/aws/kinesis';
  const values: readonly Said[] = [
    ['a key of another region', own.replace('us-east-1', 'us-west-2')],
    ['an alias of another partition', 'arn:aws-cn:kms:cn-north-1:000000000000:alias/a'],
    ["a region's wrong partition", own.replace('arn:aws:', 'arn:aws-cn:')],
    ['what is no key', own.replace(':kms:', ':kinesis:')],
    ['arn in capitals', own.replace('arn:', 'ARN:')],
    ['a space at the end', `${own} `],
    ['no account', own.replace('111111111111', '')],
  ];
  return values.map(([what, value]) => ({ what, value, errors: ['KMSNotFoundException'] }));
}
