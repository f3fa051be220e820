// What a Go program does with a stream, through the AWS SDK for Go v2. A line per step; ends with 0 when all went as on AWS.
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	all := scenario{ctx, client(ctx)}
	steps := []struct {
		name string
		run  func()
	}{
		{"create", all.create}, {"put", all.put}, {"read", all.read},
		{"split", all.split}, {"merge", all.merge}, {"fan-out", all.fanOut},
		{"tags", all.tags}, {"policies", all.policies}, {"errors", all.errors}, {"remove", all.remove},
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
	ctx     context.Context
	kinesis *kinesis.Client
}

// As the environment says, which names endpoint, region and credentials.
func client(ctx context.Context, options ...func(*config.LoadOptions) error) *kinesis.Client {
	return kinesis.NewFromConfig(must(config.LoadDefaultConfig(ctx, options...)))
}

func (s scenario) create() {
	input := &kinesis.CreateStreamInput{
		StreamName: aws.String(stream), ShardCount: aws.Int32(2), Tags: map[string]string{"team": "shop"},
	}
	must(s.kinesis.CreateStream(s.ctx, input))
	s.waitUntilActive()
	summary := s.summary()
	equal(*summary.OpenShardCount, 2)
	equal(summary.StreamModeDetails.StreamMode, types.StreamModeProvisioned)
}

func (s scenario) waitUntilActive() {
	waiter := kinesis.NewStreamExistsWaiter(s.kinesis)
	check(waiter.Wait(s.ctx, &kinesis.DescribeStreamInput{StreamName: aws.String(stream)}, 10*time.Second,
		func(options *kinesis.StreamExistsWaiterOptions) {
			options.MinDelay, options.MaxDelay = 100*time.Millisecond, 200*time.Millisecond
		}))
}

func (s scenario) summary() *types.StreamDescriptionSummary {
	input := &kinesis.DescribeStreamSummaryInput{StreamName: aws.String(stream)}
	return must(s.kinesis.DescribeStreamSummary(s.ctx, input)).StreamDescriptionSummary
}

func (s scenario) put() {
	equal(*s.putOne("one", "0").ShardId, first)
	entries := []types.PutRecordsRequestEntry{}
	for _, word := range []string{"two", "three"} {
		entries = append(entries, types.PutRecordsRequestEntry{
			Data: []byte(word), PartitionKey: aws.String("a"), ExplicitHashKey: aws.String("0"),
		})
	}
	answer := must(s.kinesis.PutRecords(s.ctx, &kinesis.PutRecordsInput{
		StreamName: aws.String(stream), Records: entries,
	}))
	equal(*answer.FailedRecordCount, 0)
	for _, record := range answer.Records {
		equal(*record.ShardId, first)
	}
}

func (s scenario) putOne(word, hashKey string) *kinesis.PutRecordOutput {
	return must(s.kinesis.PutRecord(s.ctx, &kinesis.PutRecordInput{
		StreamName: aws.String(stream), Data: []byte(word),
		PartitionKey: aws.String("a"), ExplicitHashKey: aws.String(hashKey),
	}))
}

func (s scenario) tags() {
	name := aws.String(stream)
	must(s.kinesis.AddTagsToStream(s.ctx, &kinesis.AddTagsToStreamInput{
		StreamName: name, Tags: map[string]string{"stage": "test"},
	}))
	must(s.kinesis.RemoveTagsFromStream(s.ctx, &kinesis.RemoveTagsFromStreamInput{
		StreamName: name, TagKeys: []string{"team"},
	}))
	old := must(s.kinesis.ListTagsForStream(s.ctx, &kinesis.ListTagsForStreamInput{StreamName: name}))
	equal(pairs(old.Tags), "stage=test ")

	arn := s.summary().StreamARN
	must(s.kinesis.TagResource(s.ctx, &kinesis.TagResourceInput{
		ResourceARN: arn, Tags: map[string]string{"cost": "low"},
	}))
	must(s.kinesis.UntagResource(s.ctx, &kinesis.UntagResourceInput{
		ResourceARN: arn, TagKeys: []string{"stage"},
	}))
	both := must(s.kinesis.ListTagsForResource(s.ctx, &kinesis.ListTagsForResourceInput{ResourceARN: arn}))
	equal(pairs(both.Tags), "cost=low ")
}

func pairs(tags []types.Tag) string {
	text := ""
	for _, tag := range tags {
		text += *tag.Key + "=" + *tag.Value + " "
	}
	return text
}

func (s scenario) policies() {
	arn := s.summary().StreamARN
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",`+
		`"Action":"kinesis:PutRecord","Resource":%q}]}`, *arn)
	must(s.kinesis.PutResourcePolicy(s.ctx, &kinesis.PutResourcePolicyInput{
		ResourceARN: arn, Policy: aws.String(policy),
	}))
	stored := must(s.kinesis.GetResourcePolicy(s.ctx, &kinesis.GetResourcePolicyInput{ResourceARN: arn}))
	equal(*stored.Policy, policy)
	must(s.kinesis.DeleteResourcePolicy(s.ctx, &kinesis.DeleteResourcePolicyInput{ResourceARN: arn}))
}

func (s scenario) remove() {
	must(s.kinesis.DeleteStream(s.ctx, &kinesis.DeleteStreamInput{
		StreamName: aws.String(stream), EnforceConsumerDeletion: aws.Bool(true),
	}))
	waiter := kinesis.NewStreamNotExistsWaiter(s.kinesis)
	check(waiter.Wait(s.ctx, &kinesis.DescribeStreamInput{StreamName: aws.String(stream)}, 10*time.Second,
		func(options *kinesis.StreamNotExistsWaiterOptions) {
			options.MinDelay, options.MaxDelay = 100*time.Millisecond, 200*time.Millisecond
		}))
	equal(len(must(s.kinesis.ListStreams(s.ctx, &kinesis.ListStreamsInput{})).StreamNames), 0)
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
