import type { BucketStyle } from '../objects/open-object-store.ts';
import { bucketStyles, type ObjectOptions } from './object-options.ts';
import { httpUrl, type Setting } from './setting.ts';

/** In the order of the help. */
export const objectSettings: { readonly [Name in keyof ObjectOptions]: Setting<ObjectOptions[Name]> } = {
  s3: {
    flag: 's3',
    takes: '<url>',
    help: "where S3 is (default: AWS_ENDPOINT_URL_S3), signed with AWS's variables; or file:///PATH for a directory whose folders are the buckets",
    expected: 'a URL such as https://s3.eu-central-1.amazonaws.com, or file:///PATH',
    read: (text) => (/^file:\/\/\/./.test(text) && URL.canParse(text) ? text : httpUrl(text)),
  },
  s3Style: {
    flag: 's3-style',
    takes: `<${bucketStyles.join('|')}>`,
    help: "whether requests to S3 have the bucket in the path or in front of the host (default: virtual for AWS's hosts, else path)",
    expected: `one of ${bucketStyles.join(', ')}`,
    read: (text) => (bucketStyles.includes(text as BucketStyle) ? (text as BucketStyle) : undefined),
  },
};
