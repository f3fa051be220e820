import { invalidValue } from '../errors.ts';

/** Those that functions are made with (AWS SDK for JavaScript 3, client-lambda, enum Runtime). */
const current = [
  ...['nodejs26.x', 'nodejs24.x', 'nodejs22.x', 'nodejs20.x', 'nodejs18.x', 'nodejs16.x'],
  ...['python3.15', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9'],
  'python3.8',
  ...['provided.al2023', 'provided.al2'],
  ...['java25', 'java21', 'java17', 'java11', 'java8.al2', 'java17.al2023', 'java11.al2023', 'java8.al2023'],
  ...['dotnet10', 'dotnet8', 'dotnet6'],
  ...['ruby4.0', 'ruby3.4', 'ruby3.3', 'ruby3.2'],
];

/** Those that AWS has given up. */
const past = [
  ...['nodejs', 'nodejs4.3', 'nodejs4.3-edge', 'nodejs6.10', 'nodejs8.10', 'nodejs10.x', 'nodejs12.x'],
  ...['nodejs14.x', 'python2.7', 'python3.6', 'python3.7', 'provided', 'java8', 'go1.x', 'dotnetcore1.0'],
  ...['dotnetcore2.0', 'dotnetcore2.1', 'dotnetcore3.1', 'ruby2.5', 'ruby2.7'],
];

/** The texts are AWS's. Which of them can run on this machine is seen when a function is invoked. */
export function requireRuntime(runtime: string): void {
  if (current.includes(runtime)) return;
  if (past.includes(runtime)) {
    throw invalidValue(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda ` +
        'functions. We recommend you use a supported runtime while creating or updating functions.',
    );
  }
  throw invalidValue(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ` +
      `[${current.join(', ')}] or be a valid ARN`,
  );
}
