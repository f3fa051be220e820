import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'Terraform, AWS provider',
  version: '~> 6.0',
  from: "Terraform's registry, or a mirror in ~/.terraformrc",
  runs: 'makes, changes and removes a stream and a consumer, and then finds nothing left to do',
  configuration: [
    environmentAlone,
    {
      where: 'main.tf',
      language: 'hcl',
      lines: `provider "aws" {
  skip_requesting_account_id  = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}`,
    },
  ],
  toolchain: [['terraform', 'version']],
};
