// What a Go program of some years ago does with a stream, through the AWS SDK for Go v1. A line per step; ends
// with 0 when all went as on AWS.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/request"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/kinesis"
)

func main() {
	all := scenario{client("app")}
	steps := []struct {
		name string
		run  func()
	}{
		{"create", all.create}, {"put", all.put}, {"read", all.read}, {"fan-out", all.fanOut},
		{"split", all.split}, {"merge", all.merge}, {"errors", all.errors}, {"remove", all.remove},
	}
	for _, step := range steps {
		step.run()
		fmt.Println(step.name + ": as on AWS")
	}
}

const (
	stream = "orders"
	first  = "shardId-000000000000"
)

type scenario struct {
	kinesis *kinesis.Kinesis
}

// Region and credentials are the environment's. Of AWS_ENDPOINT_URL this version knows nothing: the program
// hands it over.
func client(profile string) *kinesis.Kinesis {
	return kinesis.New(session.Must(session.NewSessionWithOptions(session.Options{
		Profile: profile,
		Config:  aws.Config{Endpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL"))},
	})))
}

func (s scenario) create() {
	must(s.kinesis.CreateStream(&kinesis.CreateStreamInput{StreamName: aws.String(stream), ShardCount: aws.Int64(2)}))
	s.waitUntilActive()
	equal(*s.summary().OpenShardCount, 2)
}

func (s scenario) waitUntilActive() {
	check(s.kinesis.WaitUntilStreamExistsWithContext(aws.BackgroundContext(),
		&kinesis.DescribeStreamInput{StreamName: aws.String(stream)}, soon...))
}

var soon = []request.WaiterOption{
	request.WithWaiterDelay(request.ConstantWaiterDelay(100*time.Millisecond)), request.WithWaiterMaxAttempts(600),
}

func (s scenario) summary() *kinesis.StreamDescriptionSummary {
	input := &kinesis.DescribeStreamSummaryInput{StreamName: aws.String(stream)}
	return must(s.kinesis.DescribeStreamSummary(input)).StreamDescriptionSummary
}

func (s scenario) put() {
	equal(*s.putOne("one").ShardId, first)
	entries := []*kinesis.PutRecordsRequestEntry{}
	for _, word := range []string{"two", "three"} {
		entries = append(entries, &kinesis.PutRecordsRequestEntry{
			Data: []byte(word), PartitionKey: aws.String("a"), ExplicitHashKey: aws.String("0"),
		})
	}
	answer := must(s.kinesis.PutRecords(&kinesis.PutRecordsInput{StreamName: aws.String(stream), Records: entries}))
	equal(*answer.FailedRecordCount, 0)
	for _, record := range answer.Records {
		equal(*record.ShardId, first)
	}
}

func (s scenario) putOne(word string) *kinesis.PutRecordOutput {
	return must(s.kinesis.PutRecord(&kinesis.PutRecordInput{
		StreamName: aws.String(stream), Data: []byte(word),
		PartitionKey: aws.String("a"), ExplicitHashKey: aws.String("0"),
	}))
}

func (s scenario) errors() {
	_, err := s.kinesis.DescribeStream(&kinesis.DescribeStreamInput{StreamName: aws.String("nothing")})
	equal(code(err), kinesis.ErrCodeResourceNotFoundException)
	equal(err.(awserr.Error).Message(), "Stream nothing under account 000000000000 not found.")
	_, err = s.kinesis.CreateStream(&kinesis.CreateStreamInput{
		StreamName: aws.String(stream), ShardCount: aws.Int64(1),
	})
	equal(code(err), kinesis.ErrCodeResourceInUseException)
	_, err = s.kinesis.GetRecords(&kinesis.GetRecordsInput{ShardIterator: aws.String("nonsense")})
	equal(code(err), kinesis.ErrCodeInvalidArgumentException)
	_, err = client("impostor").ListStreams(&kinesis.ListStreamsInput{})
	equal(code(err), "InvalidSignatureException")
}

func code(err error) string {
	if known, ok := err.(awserr.Error); ok {
		return known.Code()
	}
	return "no error of the service"
}

func (s scenario) remove() {
	must(s.kinesis.DeleteStream(&kinesis.DeleteStreamInput{
		StreamName: aws.String(stream), EnforceConsumerDeletion: aws.Bool(true),
	}))
	check(s.kinesis.WaitUntilStreamNotExistsWithContext(aws.BackgroundContext(),
		&kinesis.DescribeStreamInput{StreamName: aws.String(stream)}, soon...))
	equal(len(must(s.kinesis.ListStreams(&kinesis.ListStreamsInput{})).StreamNames), 0)
}

func must[Value any](value Value, err error) Value {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func equal[Value comparable](actual, expected Value) {
	if actual != expected {
		panic(fmt.Sprintf("%#v is not %#v", actual, expected))
	}
}
