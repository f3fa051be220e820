# A stream and a consumer of it. What may change comes from outside.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "shards" { type = number }
variable "hours" { type = number }
variable "metrics" { type = list(string) }
variable "stage" { type = string }

provider "aws" {
  skip_requesting_account_id  = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

resource "aws_kinesis_stream" "orders" {
  name                      = "orders"
  shard_count               = var.shards
  retention_period          = var.hours
  shard_level_metrics       = var.metrics
  enforce_consumer_deletion = true
  tags                      = { stage = var.stage }
}

resource "aws_kinesis_stream_consumer" "billing" {
  name       = "billing"
  stream_arn = aws_kinesis_stream.orders.arn
}
