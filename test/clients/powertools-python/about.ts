import type { About } from '../about.ts';

export const about: About = {
  name: 'awslambdaric, with Powertools for AWS Lambda (Python)',
  version: '4.2.2, and 3.37.0',
  from: 'PyPI',
  runs: 'as a function on a stream of two shards, from a zip, over the Runtime API: all records processed, and the one that always fails given up alone',
  configuration: [
    {
      where: 'A Python that has the runtime client and what the function imports',
      language: 'sh',
      lines: `python3 -m venv venv && venv/bin/pip install awslambdaric aws-lambda-powertools
MILLRACE_PYTHON=$PWD/venv/bin/python npx millrace`,
    },
    {
      where: 'The function',
      language: 'sh',
      lines: `zip function.zip handler.py
aws lambda create-function --function-name orders --runtime python3.13 --handler handler.lambda_handler \\
  --role arn:aws:iam::000000000000:role/anyone --zip-file fileb://function.zip`,
    },
  ],
  toolchain: [['python3', '--version']],
};
