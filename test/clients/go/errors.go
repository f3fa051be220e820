package main

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
)

func (s scenario) errors() {
	_, err := s.kinesis.DescribeStream(s.ctx, &kinesis.DescribeStreamInput{StreamName: aws.String("nothing")})
	var missing *types.ResourceNotFoundException
	equal(errors.As(err, &missing), true)
	equal(missing.ErrorMessage(), "Stream nothing under account 000000000000 not found.")

	_, err = s.kinesis.CreateStream(s.ctx, &kinesis.CreateStreamInput{
		StreamName: aws.String(stream), ShardCount: aws.Int32(1),
	})
	equal(code(err), "ResourceInUseException")
	_, err = s.kinesis.GetRecords(s.ctx, &kinesis.GetRecordsInput{ShardIterator: aws.String("nonsense")})
	equal(code(err), "InvalidArgumentException")
	_, err = s.kinesis.PutRecord(s.ctx, &kinesis.PutRecordInput{
		StreamName: aws.String(stream), Data: []byte{}, PartitionKey: aws.String(""),
	})
	equal(code(err), "ValidationException")

	impostor := client(s.ctx, config.WithSharedConfigProfile("impostor"))
	_, err = impostor.ListStreams(s.ctx, &kinesis.ListStreamsInput{})
	equal(code(err), "InvalidSignatureException")
}

func code(err error) string {
	var known smithy.APIError
	if errors.As(err, &known) {
		return known.ErrorCode()
	}
	return "no error of the service"
}
