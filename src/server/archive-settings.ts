import { archivePlaceIn } from '../log/embedded/archive/object-names.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type Setting, wholeNumber } from './setting.ts';

/** In the order of the help. */
export const archiveSettings: { readonly [Name in keyof ArchiveOptions]: Setting<ArchiveOptions[Name]> } = {
  archive: {
    flag: 'archive',
    takes: '<s3://bucket/prefix>',
    help: 'move old records of streams from --data to a bucket of the S3 that --s3 names, and read them there',
    expected: 's3://BUCKET or s3://BUCKET/PREFIX',
    read: (text) => (archivePlaceIn(text) === undefined ? undefined : text),
  },
  archiveAfter: {
    flag: 'archive-after',
    takes: '<seconds>',
    help: 'how old records are when they go to the archive',
    expected: 'a number from 0 to 31536000',
    read: (text) => wholeNumber(text, 31_536_000),
  },
};
