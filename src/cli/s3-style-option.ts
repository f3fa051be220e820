import { Option } from 'commander';
import { bucketStyles } from '../server/object-options.ts';

/** The flag of commands that read a bucket, as the server has it. */
export function s3StyleOption(): Option {
  const text = 'whether requests have the bucket in the path or in front of the host (default: by the host)';
  return new Option('--s3-style <style>', text).choices(bucketStyles);
}
