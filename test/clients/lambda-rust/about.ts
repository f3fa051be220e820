import type { About } from '../about.ts';

export const about: About = {
  name: 'lambda_runtime for Rust, as a bootstrap',
  version: '1.5.0',
  from: 'crates.io',
  runs: 'as a function on a stream of two shards, from a zip, over the Runtime API: all records processed, and the one that always fails given up alone',
  configuration: [
    {
      where: 'The function, whose package is called bootstrap',
      language: 'sh',
      lines: `cargo build --release && zip -j function.zip target/release/bootstrap
aws lambda create-function --function-name orders --runtime provided.al2023 --handler bootstrap \\
  --role arn:aws:iam::000000000000:role/anyone --zip-file fileb://function.zip`,
    },
  ],
  toolchain: [
    ['cargo', '--version'],
    ['rustc', '--version'],
  ],
};
