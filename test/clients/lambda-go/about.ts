import type { About } from '../about.ts';

export const about: About = {
  name: 'aws-lambda-go, as a bootstrap',
  version: '1.55.1',
  from: 'the Go module proxy',
  runs: 'as a function on a stream of two shards, from a zip, over the Runtime API: all records processed, and the one that always fails given up alone',
  configuration: [
    {
      where: 'The function',
      language: 'sh',
      lines: `CGO_ENABLED=0 go build -tags lambda.norpc -o bootstrap . && zip function.zip bootstrap
aws lambda create-function --function-name orders --runtime provided.al2023 --handler bootstrap \\
  --role arn:aws:iam::000000000000:role/anyone --zip-file fileb://function.zip`,
    },
  ],
  toolchain: [['go', 'version']],
};
